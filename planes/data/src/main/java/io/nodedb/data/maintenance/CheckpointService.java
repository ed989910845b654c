package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.Shared;
import io.nodedb.data.helpers.HelperPool;
import io.nodedb.data.recovery.EngineLoader;
import io.nodedb.storage.checkpoint.ManifestStore;
import java.util.Map;

/**
 * What cores need to have their checkpoints written: the folders of all engines, the background workers, and whom to tell that the log may be cut.
 * A folder is used by one job of its core at a time.
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

    public CheckpointService(
            HelperPool workers, Map<Place, ManifestStore> stores, long incarnation, CoverageListener listener, EngineLoader loader) {
        this.workers = workers;
        this.stores = Map.copyOf(stores);
        this.incarnation = incarnation;
        this.listener = listener;
        this.loader = loader;
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

    EngineLoader loader() {
        return loader;
    }
}
