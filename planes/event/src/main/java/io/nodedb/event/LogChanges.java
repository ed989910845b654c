package io.nodedb.event;

import io.nodedb.base.ownership.EventPlane;
import io.nodedb.storage.wal.CommitCursor;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.LogReader;
import io.nodedb.storage.wal.ReadLimit;
import io.nodedb.storage.wal.WalProgress;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes after an LSN as the log tells them, slice by slice, so that a commit of any size
 * needs little memory. One thread; close it.
 */
@EventPlane
final class LogChanges implements AutoCloseable {
    private final CommitCursor cursor;
    private final WalProgress progress;
    private final EffectReader effects = new EffectReader();
    private long completeLsn;
    private long currentLsn;
    private int sequence;
    private boolean inCommit;
    private boolean inSlice;

    /** LSN_TOO_OLD when the log does not reach back so far. */
    LogChanges(LogReader log, WalProgress progress, long lsnExclusive) {
        this.progress = progress;
        this.completeLsn = lsnExclusive;
        this.currentLsn = lsnExclusive;
        this.cursor = log.commitsFrom(lsnExclusive, partition -> true, ReadLimit.SYNCED);
    }

    /**
     * The next change that {@code filter} accepts; null at the present end of the log, or between
     * two commits when {@code elsewhere} says that what follows the first is told there.
     */
    @Nullable Change next(ChangeFilter filter, LongPredicate elsewhere) {
        while (true) {
            while (inSlice) {
                if (!effects.next()) {
                    inSlice = false;
                } else {
                    int number = sequence++;
                    if (filter.accepts(cursor.partition(), effects.collection())) {
                        Change change =
                                ChangeDecoder.decode(
                                        effects,
                                        currentLsn,
                                        number,
                                        cursor.partition(),
                                        (byte) cursor.record().source());
                        if (change != null) {
                            return change;
                        }
                    }
                }
            }
            if (inCommit && cursor.nextSlice(effects)) {
                inSlice = true;
            } else {
                inCommit = false;
                if (!nextCommit(elsewhere)) {
                    return null;
                }
            }
        }
    }

    private boolean nextCommit(LongPredicate elsewhere) {
        // Before the cursor looks: what is readable now is behind it when it then says that there
        // is no more.
        long readable = EventHub.readableLsn(progress);
        if (!cursor.next()) {
            completeLsn = Math.max(Math.max(completeLsn, currentLsn), readable);
            return false;
        }
        boolean another = cursor.lsn() != currentLsn;
        if (another) {
            completeLsn = Math.max(completeLsn, currentLsn);
            currentLsn = cursor.lsn();
        }
        sequence = 0;
        inCommit = true;
        return !another || !elsewhere.test(completeLsn);
    }

    /** Everything up to here was given out. */
    long completeLsn() {
        return completeLsn;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
