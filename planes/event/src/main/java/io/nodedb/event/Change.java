package io.nodedb.event;

import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * One key's change in one commit. (LSN, partition, sequence) names it for ever: a consumer that
 * gets it again after a restart recognises it by that. The arrays are shared with other consumers
 * and must not be written to.
 */
@Immutable
public final class Change {
    private static final byte[] NO_KEY = new byte[0];

    private final long lsn;
    private final int sequence;
    private final int partition;
    private final int collection;
    private final Operation operation;
    private final byte source;
    private final byte[] key;
    private final boolean oldValueKnown;
    private final byte @Nullable [] oldValue;
    private final byte @Nullable [] newValue;

    Change(
            long lsn,
            int sequence,
            int partition,
            int collection,
            Operation operation,
            byte source,
            byte[] key,
            boolean oldValueKnown,
            byte @Nullable [] oldValue,
            byte @Nullable [] newValue) {
        this.lsn = lsn;
        this.sequence = sequence;
        this.partition = partition;
        this.collection = collection;
        this.operation = operation;
        this.source = source;
        this.key = key;
        this.oldValueKnown = oldValueKnown;
        this.oldValue = oldValue;
        this.newValue = newValue;
    }

    /** Nothing between {@code fromLsn} and {@code reachesBackTo} can be told any more. */
    static Change gap(long fromLsn) {
        return new Change(
                fromLsn,
                0,
                Partitions.SYSTEM,
                0,
                Operation.GAP,
                (byte) 0,
                NO_KEY,
                false,
                null,
                null);
    }

    /** The commit's; of a GAP, the LSN after which changes are missing. */
    public long lsn() {
        return lsn;
    }

    /** Dense from 0 within the commit's part in this partition. */
    public int sequence() {
        return sequence;
    }

    public int partition() {
        return partition;
    }

    public int collection() {
        return collection;
    }

    public Operation operation() {
        return operation;
    }

    /** Who wrote, as {@code WriteSource} numbers it. */
    public byte source() {
        return source;
    }

    public byte[] key() {
        return key;
    }

    /**
     * False when the collection had no feed at the time, so that the value before was not recorded.
     */
    public boolean oldValueKnown() {
        return oldValueKnown;
    }

    /** The value before; null when there was none or it is not known. */
    public byte @Nullable [] oldValue() {
        return oldValue;
    }

    /** The value now; null when the key is gone. */
    public byte @Nullable [] newValue() {
        return newValue;
    }

    /** Bytes that it keeps in memory, about. */
    int memoryBytes() {
        return 96
                + key.length
                + (oldValue == null ? 0 : oldValue.length + 16)
                + (newValue == null ? 0 : newValue.length + 16);
    }

    @Override
    public String toString() {
        return operation
                + " lsn="
                + Lsn.toString(lsn)
                + " sequence="
                + sequence
                + " partition="
                + partition
                + " collection="
                + collection
                + " keyBytes="
                + key.length;
    }
}
