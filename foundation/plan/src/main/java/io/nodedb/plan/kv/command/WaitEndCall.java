package io.nodedb.plan.kv.command;

import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * A client no longer waits for keys: the core forgets its place, answers the command that it holds
 * (with nil, which nobody reads any more), and serves whoever comes next.
 */
public final class WaitEndCall extends Call {
    /** Of the command that waits. */
    public @Nullable WaitTicket ticket;

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public int operation() {
        return 123;
    }

    @Override
    public int collection() {
        return 0;
    }

    @Override
    public long valuesHash() {
        return 0;
    }

    @Override
    public void reset() {
        ticket = null;
    }
}
