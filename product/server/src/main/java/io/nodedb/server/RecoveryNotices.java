package io.nodedb.server;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.data.recovery.RecoveryProgress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Logs once a second how far a long recovery has come, on a thread of its own. */
@ControlPlane
final class RecoveryNotices implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RecoveryNotices.class.getName());
    private static final long PERIOD_MILLIS = 1_000;

    private final RecoveryProgress progress;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    RecoveryNotices(RecoveryProgress progress) {
        this.progress = progress;
        thread = Thread.ofVirtual().name("recovery-notices").start(this::run);
    }

    private void run() {
        try {
            while (!over.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.log(Level.INFO, "recovering: " + progress.describe());
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it; if somebody does, it has nothing more to say.
            Thread.currentThread().interrupt();
        }
    }

    /** No more notices come once this has returned. */
    @Override
    public void close() {
        over.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
