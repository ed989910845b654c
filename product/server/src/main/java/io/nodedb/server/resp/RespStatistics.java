package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.LongAdder;

/** Counts over all lanes. */
@Shared("adders")
final class RespStatistics {
    private final LongAdder commands = new LongAdder();
    private final LongAdder errors = new LongAdder();

    void countCommand() {
        commands.increment();
    }

    void countError() {
        errors.increment();
    }

    long commands() {
        return commands.sum();
    }

    long errors() {
        return errors.sum();
    }

    void reset() {
        commands.reset();
        errors.reset();
    }
}
