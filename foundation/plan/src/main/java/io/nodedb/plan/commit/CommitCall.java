package io.nodedb.plan.commit;

import io.nodedb.base.ids.KeyHash;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The part of a transaction's write set that one core owns.
 *
 * <p>Writes that were made after {@link #snapshotLsn} on any of its keys make it fail with CONFLICT
 * (first committer wins).
 */
public final class CommitCall extends ParticipantCall {
    /** 0 checks for no conflict. */
    public long snapshotLsn;

    /** At most one write per key; sorted by partition. */
    public List<KeyWrite> writes = List.of();

    @Override
    public void eachPartition(IntConsumer partitions) {
        int last = -1;
        for (KeyWrite write : writes) {
            if (write.partition() != last) {
                last = write.partition();
                partitions.accept(last);
            }
        }
    }

    @Override
    public boolean writes() {
        return true;
    }

    /** True when it writes no value: such a write frees memory. */
    public boolean onlyDeletes() {
        for (KeyWrite write : writes) {
            if (write.value() != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int operation() {
        return prepareOnly ? 101 : 100;
    }

    @Override
    public int collection() {
        return writes.isEmpty() ? 0 : writes.getFirst().collection();
    }

    @Override
    public long valuesHash() {
        long hash = 17;
        for (KeyWrite write : writes) {
            byte[] value = write.value();
            hash = (hash * 31 + write.keyHash()) * 31 + (value == null ? 0 : KeyHash.of(value));
        }
        return hash;
    }

    @Override
    public void reset() {
        super.reset();
        snapshotLsn = 0;
        writes = List.of();
    }
}
