package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CheckpointSink;
import io.nodedb.engine.ExecutionContext;
import java.util.List;

/**
 * A checkpoint in progress: walks the changed regions of each table (or all of it) in the order of
 * hashes and emits the newest committed version of each key that is newer than the last published
 * checkpoint.
 *
 * <p>Why nothing is lost: at the start every table's marks are taken over and new ones begin. A
 * version that was applied before has its mark here; when it is met while still pending, its region
 * is marked for the next checkpoint. A version applied later marks its region by itself.
 */
@CoreOwned
final class KvCheckpoint implements CheckpointCursor {
    private final KvEngine engine;
    private final List<KvTable> tables;
    private final List<ChangedRegions> changes;
    private final boolean full;
    private final long afterLsn;
    private final long coveredLsn;
    private final HashOrder order = new HashOrder();
    private int table;
    private long hash;
    private boolean ended;

    /**
     * @param afterLsn the last published checkpoint contains what is committed up to here
     * @param coveredLsn everything committed up to here has been stamped
     */
    KvCheckpoint(
            KvEngine engine,
            List<KvTable> tables,
            List<ChangedRegions> changes,
            boolean full,
            long afterLsn,
            long coveredLsn) {
        this.engine = engine;
        this.tables = tables;
        this.changes = changes;
        this.full = full;
        this.afterLsn = full ? 0 : afterLsn;
        this.coveredLsn = coveredLsn;
    }

    @Override
    public boolean step(CheckpointSink sink, ExecutionContext context) {
        while (table < tables.size()) {
            KvTable current = tables.get(table);
            if (!current.isOpen() || !findChange(changes.get(table))) {
                table++;
                hash = 0;
                continue;
            }
            if (!emitBucket(current, sink)) {
                return false;
            }
            hash = current.index.nextBucketHash(hash);
            if (hash == 0) {
                table++;
            }
            if (context.quantumOver()) {
                return table == tables.size();
            }
        }
        return true;
    }

    /** Moves on to the next changed region unless within one; false when the table is done. */
    private boolean findChange(ChangedRegions regions) {
        if (full) {
            return true;
        }
        int present = regions.regionOf(hash);
        int next = regions.next(present);
        if (next > present) {
            hash = regions.firstHash(next);
        }
        return next >= 0;
    }

    /**
     * Emits one bucket from {@link #hash} on; false when the sink is full, with the hash to go on
     * at.
     */
    private boolean emitBucket(KvTable current, CheckpointSink sink) {
        order.read(current, hash);
        for (int i = 0; i < order.count(); i++) {
            boolean sameHash = i > 0 && order.hash(i - 1) == order.hash(i);
            if (!sameHash && sink.full()) {
                hash = order.hash(i);
                return false;
            }
            emit(current, order.hash(i), order.head(i), sink);
        }
        return true;
    }

    private void emit(KvTable current, long keyHash, long head, CheckpointSink sink) {
        if (current.entries.stamp(head) < 0) {
            current.stillChanging(keyHash);
        }
        long version = current.newestCommitted(head);
        if (version == 0) {
            return;
        }
        long lsn = current.entries.stamp(version);
        boolean deleted = current.entries.has(version, EntryStore.DELETED);
        // A full checkpoint replaces all others: what is not in it is gone.
        if (lsn <= afterLsn || (full && deleted)) {
            return;
        }
        KvEffects.checkpoint(sink.block(), current, version);
        sink.entryAdded(lsn);
        current.emitted(version);
    }

    @Override
    public int tenant() {
        return table < tables.size() ? tables.get(table).tenant() : Tenants.SYSTEM;
    }

    @Override
    public void published() {
        end(true);
    }

    @Override
    public void abandoned() {
        end(false);
    }

    private void end(boolean wasPublished) {
        Check.that(!ended, "a checkpoint ends once");
        ended = true;
        for (KvTable each : tables) {
            if (each.isOpen()) {
                each.endCheckpoint(wasPublished);
            }
        }
        engine.checkpointEnded(wasPublished ? coveredLsn : 0);
    }
}
