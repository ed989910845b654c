package io.nodedb.data.recovery;

import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.Engine;
import io.nodedb.storage.checkpoint.CheckpointLoader;
import io.nodedb.storage.checkpoint.ManifestStore;

/** One engine while it is brought back. Owned by the thread that loads it. */
final class LoadedEngine {
    final int partition;
    final int engineId;
    final ManifestStore store;
    Engine engine;
    boolean failed;
    boolean lost;
    CheckpointLoader.Result checkpoint;

    LoadedEngine(
            int partition,
            int engineId,
            ManifestStore store,
            Engine engine,
            CheckpointLoader.Result checkpoint) {
        this.partition = partition;
        this.engineId = engineId;
        this.store = store;
        this.engine = engine;
        this.checkpoint = checkpoint;
    }

    EngineSlot toSlot() {
        EngineSlot slot = new EngineSlot(partition, engineId, engine, checkpoint.coveredLsn());
        if (lost) {
            slot.markLost();
        } else if (failed) {
            slot.markRecovering();
        }
        return slot;
    }
}
