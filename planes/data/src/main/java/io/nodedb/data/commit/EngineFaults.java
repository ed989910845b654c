package io.nodedb.data.commit;

import io.nodedb.data.partition.EngineSlot;

/**
 * Told when an engine failed where it must not: applying or stamping. The engine is marked as
 * recovering before, and is to be rebuilt.
 */
public interface EngineFaults {
    /** It failed while nobody's request was executed: the failure itself is to be counted too. */
    void engineFailed(EngineSlot slot, String phase, Throwable failure);

    /** It failed while a batch was applied; the failure itself goes to whoever gave the batch. */
    void engineBroken(EngineSlot slot);
}
