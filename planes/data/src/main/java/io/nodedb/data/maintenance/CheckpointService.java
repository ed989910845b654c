package io.nodedb.data.maintenance;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.ownership.Shared;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.data.recovery.EngineLoader;
import io.nodedb.storage.checkpoint.CheckpointMerge;
import io.nodedb.storage.checkpoint.Manifest;
import io.nodedb.storage.checkpoint.ManifestStore;
import java.io.IOException;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * What cores need to have their checkpoints written: the folders of all engines, the background
 * workers, and whom to tell that the log may be cut. A folder is used by one job of its core at a
 * time.
 */
@Shared("immutable; each ManifestStore is used by one job at a time")
public final class CheckpointService {
    /** Memory of one merge: its table of newest versions. */
    private static final long MERGE_MEMORY_BYTES = 16 << 20;

    /** Told that a checkpoint was published. */
    @FunctionalInterface
    public interface CoverageListener {
        void covered(int partition, int engineId, long coveredLsn);
    }

    /** Identity of an engine's place. */
    public record Place(int partition, int engineId) {}

    private final HelperPool workers;
    private final Map<Place, ManifestStore> stores;
    private final long incarnation;
    private final CoverageListener listener;
    private final EngineLoader loader;
    private final MemoryGovernor governor;
    private final LongSupplier syncedLsn;
    private final IntPredicate keepsCollection;

    public CheckpointService(
            HelperPool workers,
            Map<Place, ManifestStore> stores,
            long incarnation,
            CoverageListener listener,
            EngineLoader loader,
            MemoryGovernor governor,
            LongSupplier syncedLsn,
            IntPredicate keepsCollection) {
        this.workers = workers;
        this.stores = Map.copyOf(stores);
        this.incarnation = incarnation;
        this.listener = listener;
        this.loader = loader;
        this.governor = governor;
        this.syncedLsn = syncedLsn;
        this.keepsCollection = keepsCollection;
    }

    HelperPool workers() {
        return workers;
    }

    ManifestStore store(int partition, int engineId) {
        return java.util.Objects.requireNonNull(stores.get(new Place(partition, engineId)));
    }

    long incarnation() {
        return incarnation;
    }

    void covered(int partition, int engineId, long coveredLsn) {
        listener.covered(partition, engineId, coveredLsn);
    }

    /**
     * Background worker: merges base and deltas into a new base and publishes that. Not done when
     * memory is short: the next checkpoint asks again.
     */
    void merge(ManifestStore store, Manifest input) throws IOException {
        if (!governor.tryReserve(MemoryTag.CHECKPOINT, MERGE_MEMORY_BYTES)) {
            return;
        }
        try {
            CheckpointMerge merge =
                    new CheckpointMerge(store, input, MERGE_MEMORY_BYTES, keepsCollection);
            try {
                while (!merge.step()) {
                    // one bounded piece of work after the other
                }
                Manifest current = store.current();
                if (current != null) {
                    store.publish(
                            current.withMerged(merge.input(), merge.result()),
                            syncedLsn.getAsLong());
                }
            } catch (IOException | RuntimeException failure) {
                merge.abandon();
                throw failure;
            }
        } finally {
            governor.release(MemoryTag.CHECKPOINT, MERGE_MEMORY_BYTES);
        }
    }

    EngineLoader loader() {
        return loader;
    }
}
