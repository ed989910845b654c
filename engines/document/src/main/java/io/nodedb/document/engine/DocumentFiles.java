package io.nodedb.document.engine;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.EngineFiles;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.WritePressure;
import org.jspecify.annotations.Nullable;

/**
 * The row store's files as the core sees them. When memory is critical, writers wait until what
 * waits in memory is in files, whatever its size: that gives memory back, where refusing would not.
 */
@CoreOwned
final class DocumentFiles implements EngineFiles {
    /** Less than that in memory is not worth a file. */
    private static final long SMALLEST_FLUSH_BYTES = 1 << 20;

    private final RowStore store;
    private final MemoryGovernor governor;

    DocumentFiles(RowStore store, MemoryGovernor governor) {
        this.store = store;
        this.governor = governor;
    }

    @Override
    public long coveredLsn() {
        return store.coveredLsn();
    }

    @Override
    public void seal() {
        store.seal();
    }

    @Override
    public @Nullable RowJob nextJob(long stampedLsn, long syncedLsn) {
        return store.nextJob(stampedLsn, syncedLsn);
    }

    @Override
    public void finished(RowJob job, @Nullable Throwable failure) {
        store.finished(job, failure);
    }

    @Override
    public WritePressure pressure() {
        WritePressure behind = store.pressure();
        if (behind == WritePressure.STOP
                || governor.pressure().compareTo(PressureLevel.CRITICAL) < 0
                || store.memtableBytes() < SMALLEST_FLUSH_BYTES) {
            return behind;
        }
        store.seal();
        return WritePressure.STOP;
    }
}
