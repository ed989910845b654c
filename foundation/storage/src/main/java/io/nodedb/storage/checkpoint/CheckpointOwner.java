package io.nodedb.storage.checkpoint;

import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Immutable;

/**
 * Whose checkpoint it is; written into every file, so that a file that strayed from another
 * database or partition is not taken for one's own.
 *
 * @param engine {@code EngineFactory.id()}
 */
@Immutable
public record CheckpointOwner(long databaseId, int engine, int partition) {
    /** For messages and the quarantine list. */
    public String describe() {
        String name = partition == Partitions.SYSTEM ? "system" : Integer.toString(partition);
        return "partition " + name + ", engine " + engine;
    }
}
