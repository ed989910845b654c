package io.nodedb.simulator;

import io.nodedb.event.Operation;
import org.jspecify.annotations.Nullable;

/** One committed change of one key, as the feed told it. */
final class Version {
    final String key;
    final long lsn;
    final int partition;
    final int sequence;
    final Operation operation;
    final @Nullable String oldValue;
    final @Nullable String newValue;

    /** Whoever is known to have made it. */
    @Nullable Object maker;

    Version(
            String key,
            long lsn,
            int partition,
            int sequence,
            Operation operation,
            @Nullable String oldValue,
            @Nullable String newValue) {
        this.key = key;
        this.lsn = lsn;
        this.partition = partition;
        this.sequence = sequence;
        this.operation = operation;
        this.oldValue = oldValue;
        this.newValue = newValue;
    }

    boolean sameAs(Version other) {
        return key.equals(other.key)
                && operation == other.operation
                && java.util.Objects.equals(oldValue, other.oldValue)
                && java.util.Objects.equals(newValue, other.newValue);
    }

    @Override
    public String toString() {
        return operation
                + " key="
                + key
                + " lsn="
                + Values.shortLsn(lsn)
                + " old="
                + Values.brief(oldValue)
                + " new="
                + Values.brief(newValue);
    }
}
