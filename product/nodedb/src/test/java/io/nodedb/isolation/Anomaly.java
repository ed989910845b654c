package io.nodedb.isolation;

import java.util.List;

/** What must not be in a history, or what snapshot isolation allows; and who took part. */
public record Anomaly(Kind kind, List<RecordedTransaction> participants, String what) {
    /** Names as the literature has them. */
    public enum Kind {
        /** A value was read that its writer rolled back. */
        ABORTED_READ,
        /** A value was read that nobody wrote. */
        GARBAGE_READ,
        /** A value was read that its writer replaced before it committed. */
        INTERMEDIATE_READ,
        /** A transaction did not see its own write. */
        OWN_WRITE_NOT_READ,
        /** A transaction read a key twice and saw two values. */
        UNREPEATABLE_READ,
        /** A committed transaction's write is not among the committed versions. */
        MISSING_WRITE,
        /** Transactions see, or overwrite, each other in a circle. */
        CIRCULAR_INFORMATION_FLOW,
        /** Two transactions read the same version of a key and both replaced it. */
        LOST_UPDATE,
        /** A transaction saw one part of another and not the other part. */
        READ_SKEW,
        /** Two transactions read what the other wrote: allowed. */
        WRITE_SKEW
    }

    /** True for what snapshot isolation allows. */
    public boolean isAllowedBySnapshotIsolation() {
        return kind == Kind.WRITE_SKEW;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind + ": " + what);
        participants.forEach(transaction -> text.append("\n    ").append(transaction));
        return text.toString();
    }
}
