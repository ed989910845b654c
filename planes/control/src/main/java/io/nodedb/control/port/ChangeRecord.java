package io.nodedb.control.port;

import io.nodedb.base.ownership.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * One committed change of one key.
 *
 * @param lsn the commit; several changes of one transaction share it
 * @param partition where the key lives
 * @param index place of the change within its commit's part in the partition; (lsn, partition,
 *     index) names the change for ever
 * @param source who wrote it: a constant of the bridge's {@code WriteSource}
 * @param value null when the key was deleted
 * @param priorValue null when the key was absent before
 * @param expired the key was deleted because its time was over
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // copied out of the log once, then only read
public record ChangeRecord(
        long lsn,
        int partition,
        int index,
        int collection,
        byte source,
        byte[] key,
        byte @Nullable [] value,
        byte @Nullable [] priorValue,
        boolean expired) {}
