package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Immutable;
import java.util.Set;

/**
 * What recovery found.
 *
 * @param lastLsn of the last commit or other record that is part of the log
 * @param lsnFloor highest LSN found anywhere, also in what was cut: new ones lie above
 * @param reachesBackTo every commit above this LSN is in the log; 0 when all since the creation are
 * @param tailPosition global position where the log ended
 * @param incarnation of the last start found; the next one is greater
 * @param groups number of groups read
 * @param records number of records read
 * @param abortedTransactions prepared, never decided: aborted, because only COMMIT decides
 * @param tombstones collections whose purge is in the log
 * @param cutBytes what stood behind the last whole group and is no part of the log
 */
@Immutable
public record RecoveredLog(
        long lastLsn,
        long lsnFloor,
        long reachesBackTo,
        long tailPosition,
        long incarnation,
        long groups,
        long records,
        int abortedTransactions,
        Set<Integer> tombstones,
        long cutBytes) {
    public RecoveredLog {
        tombstones = Set.copyOf(tombstones);
    }
}
