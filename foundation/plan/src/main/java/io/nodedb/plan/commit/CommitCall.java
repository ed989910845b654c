package io.nodedb.plan.commit;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.plan.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a transaction's write set that one core owns. With {@link #prepareOnly} false it is
 * the whole transaction: the core checks, logs and applies it as one batch. With true the core
 * checks it, locks its keys, logs PREPARE and answers the position in its WAL ring; the outcome
 * then reaches it through the log's acknowledgements only.
 *
 * <p>Writes that were made after {@link #snapshotLsn} on any of its keys make it fail with CONFLICT
 * (first committer wins).
 */
public final class CommitCall extends Call {
    public long txnId;

    /** 0 checks for no conflict. */
    public long snapshotLsn;

    public boolean prepareOnly;

    /** At most one write per key; sorted by partition. */
    public List<KeyWrite> writes = List.of();

    /**
     * Answer to a prepare: the core's WAL ring must be drained to here before COMMIT is sequenced.
     */
    public long ringPosition;

    /** Where execution of a large write set stands between quanta; the core's own. */
    public @Nullable Object progress;

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
        txnId = 0;
        snapshotLsn = 0;
        prepareOnly = false;
        writes = List.of();
        ringPosition = 0;
        progress = null;
    }
}
