package io.nodedb;

import io.nodedb.base.ownership.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * One committed change of one key.
 *
 * @param lsn the commit; the changes of one transaction share it
 * @param partition where the key lives
 * @param index its place within the commit's part in that partition: (lsn, partition, index) names
 *     it, so that a consumer can tell what is delivered again
 * @param collection the name, at the time of reading
 * @param value null when the key was removed
 * @param priorValue null when the key was absent before
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // the reader's own
public record Change(
        long lsn,
        int partition,
        int index,
        String collection,
        Operation operation,
        byte[] key,
        byte @Nullable [] value,
        byte @Nullable [] priorValue) {
    /** What happened to the key, told from its value before. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE,
        /** Deleted because its time was over. */
        EXPIRE
    }
}
