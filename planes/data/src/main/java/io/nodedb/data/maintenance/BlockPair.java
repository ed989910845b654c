package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.checkpoint.CheckpointBlock;

/**
 * The two blocks through which a core's checkpoints pass: it fills one while a worker writes the
 * other. The core keeps them, because a checkpoint comes every few seconds under a load of writes
 * and the core allocates nothing then either.
 *
 * <p>One checkpoint has them at a time, and not before no worker works for the one before.
 */
@CoreOwned
final class BlockPair {
    private CheckpointBlock filling = new CheckpointBlock();
    private CheckpointBlock spare = new CheckpointBlock();

    /** Empties both, whatever a checkpoint that failed left in them. */
    void clear() {
        filling.clear();
        spare.clear();
    }

    /** What the core fills. */
    CheckpointBlock filling() {
        return filling;
    }

    /** After the filled one was handed to a worker: the other is filled now. */
    void swap() {
        CheckpointBlock filled = filling;
        filling = spare;
        spare = filled;
    }
}
