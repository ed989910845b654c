package io.nodedb.storage.checkpoint;

import io.nodedb.storage.wal.EffectReader;

/** What a checkpoint is loaded into. */
public interface CheckpointTarget {
    /**
     * Forget everything loaded so far: a checkpoint is read from its start. Called before each
     * attempt.
     */
    void begin();

    /** One entry; of a key that comes again, the higher LSN counts. */
    void load(EffectReader effect, long lsn);
}
