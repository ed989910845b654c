package io.nodedb.data.commit;

import io.nodedb.data.partition.EngineSlot;

/**
 * Told when an engine failed where it must not: applying or stamping. The engine is marked as
 * recovering before.
 */
public interface EngineFaults {
    void engineFailed(EngineSlot slot, String phase, Throwable failure);
}
