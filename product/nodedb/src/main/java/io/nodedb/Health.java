package io.nodedb;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * What the database can do at this moment.
 *
 * @param problems one sentence each; empty when all is well
 */
@Immutable
public record Health(Status status, List<String> problems) {
    /** From best to worst. */
    public enum Status {
        /** Reads and writes. */
        SERVING,
        /** Reads and writes, but a core is recovering or something is in quarantine. */
        DEGRADED,
        /** Reads; writes are refused, because the disk is full or the log failed. */
        READ_ONLY,
        /** Nothing any more. */
        CLOSED
    }

    public Health {
        problems = List.copyOf(problems);
    }

    public boolean canRead() {
        return status != Status.CLOSED;
    }

    public boolean canWrite() {
        return status == Status.SERVING || status == Status.DEGRADED;
    }
}
