package io.nodedb.server;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.data.recovery.RecoveryProgress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Logs once a second how far a long recovery has come, on a thread of its own. */
@ControlPlane
final class RecoveryNotices implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RecoveryNotices.class.getName());
    private static final long PERIOD_MILLIS = 1_000;

    private final RecoveryProgress progress;
    private final long periodMillis;
    private final Consumer<String> notices;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    RecoveryNotices(RecoveryProgress progress) {
        this(progress, PERIOD_MILLIS, text -> LOG.log(Level.INFO, text));
    }

    /** Every so often {@code notices} gets a line, on the thread of the notices. */
    RecoveryNotices(RecoveryProgress progress, long periodMillis, Consumer<String> notices) {
        this.progress = progress;
        this.periodMillis = periodMillis;
        this.notices = notices;
        thread = Thread.ofVirtual().name("recovery-notices").start(this::run);
    }

    private void run() {
        try {
            while (!over.await(periodMillis, TimeUnit.MILLISECONDS)) {
                notices.accept("recovering: " + progress.describe());
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
