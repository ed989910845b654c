package io.nodedb.engine;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.WritePressure;
import org.jspecify.annotations.Nullable;

/**
 * The files of an engine that keeps its state on disk by itself. The core runs the jobs that move
 * it there, on its background workers and under the I/O budget, and takes them back.
 *
 * <p><b>A checkpoint</b> of such an engine is {@link #seal}, and then jobs until {@link
 * #coveredLsn} has reached what was stamped when it began.
 *
 * <p><b>Never ahead of the log:</b> a job that publishes is handed out only when the log is synced
 * up to everything that it makes count. Owned by the engine's core.
 */
@CoreOwned
public interface EngineFiles {
    /** Every commit up to it is in published files: replay starts after it. */
    long coveredLsn();

    /** Has what is in memory written out soon, whatever its size. */
    void seal();

    /**
     * The next piece of background work, or null. Every job that was handed out comes back through
     * {@link #finished}.
     *
     * @param stampedLsn every commit up to it has been stamped here
     * @param syncedLsn the log is synced up to it
     */
    @Nullable RowJob nextJob(long stampedLsn, long syncedLsn);

    /**
     * A worker is done with a job.
     *
     * @param failure what {@link RowJob#step} threw; the work is repeated after a pause
     */
    void finished(RowJob job, @Nullable Throwable failure);

    /** Whether writers should slow down or stop until background work has caught up. */
    WritePressure pressure();
}
