package io.nodedb.data.maintenance;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Shared;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.data.recovery.EngineLoader;
import io.nodedb.storage.checkpoint.Manifest;
import io.nodedb.storage.checkpoint.ManifestStore;
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
    private final int mostDeltas;
    private final DamageQueue damage;

    /**
     * @param mostDeltas incremental files at which a new base is written
     * @param damage what is found in files of rows, to be listed by a worker
     */
    public CheckpointService(
            HelperPool workers,
            Map<Place, ManifestStore> stores,
            long incarnation,
            CoverageListener listener,
            EngineLoader loader,
            MemoryGovernor governor,
            LongSupplier syncedLsn,
            IntPredicate keepsCollection,
            int mostDeltas,
            DamageQueue damage) {
        this.workers = workers;
        this.stores = Map.copyOf(stores);
        this.incarnation = incarnation;
        this.listener = listener;
        this.loader = loader;
        this.governor = governor;
        this.syncedLsn = syncedLsn;
        this.keepsCollection = keepsCollection;
        this.mostDeltas = mostDeltas;
        this.damage = damage;
    }

    DamageQueue damage() {
        return damage;
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

    /** Are the incremental files of a manifest to be merged into a new base? */
    boolean mergeDue(Manifest manifest) {
        return manifest.mergeDue(mostDeltas);
    }

    /** Merges base and deltas into a new base. */
    CheckpointMerging merging(ManifestStore store, Manifest input) {
        return new CheckpointMerging(store, input, governor, syncedLsn, keepsCollection);
    }

    EngineLoader loader() {
        return loader;
    }
}
