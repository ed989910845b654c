package io.nodedb.data.recovery;

import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.Engine;
import io.nodedb.storage.checkpoint.CheckpointOwner;

/** One engine while it is brought back. Owned by the thread that loads it. */
final class LoadedEngine {
    final int partition;
    final int engineId;
    final CheckpointOwner owner;
    final Engine engine;
    boolean failed;
    boolean lost;

    /** Replay starts after it. */
    final long coveredLsn;

    LoadedEngine(
            int partition, int engineId, CheckpointOwner owner, Engine engine, long coveredLsn) {
        this.partition = partition;
        this.engineId = engineId;
        this.owner = owner;
        this.engine = engine;
        this.coveredLsn = coveredLsn;
    }

    EngineSlot toSlot() {
        EngineSlot slot = new EngineSlot(partition, engineId, engine, coveredLsn);
        if (lost) {
            slot.markLost();
        } else if (failed) {
            slot.markRecovering();
        }
        return slot;
    }
}
