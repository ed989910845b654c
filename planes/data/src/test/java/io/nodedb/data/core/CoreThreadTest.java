package io.nodedb.data.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.os.affinity.Affinity;
import io.nodedb.os.wake.ParkWakeup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CoreThreadTest {
    private static final int UNPINNED = -1;

    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    /** Lets the core answer one request on a thread of its own, and ends that. */
    private void serveOneRequest(int pinTo) throws InterruptedException {
        CoreThread thread =
                new CoreThread(
                        0,
                        db.core(),
                        new Doorbell(new ParkWakeup()),
                        SystemTimeSource.INSTANCE,
                        db.failures,
                        0,
                        pinTo,
                        null);
        Reply reply = db.get("a");
        thread.start();
        while (!reply.done) {
            boolean ignored = db.poll();
            Thread.onSpinWait();
        }
        thread.stop();
        thread.thread().join();
        reply.ok();
    }

    @Test
    @Timeout(60)
    void startGoesOnWithAWarningWhenPinningFails() throws InterruptedException {
        // No machine that runs tests has so many processors.
        serveOneRequest(Affinity.MAX_PROCESSORS - 1);
        assertThat(db.failures.warnings)
                .singleElement()
                .asString()
                .startsWith("data-core-0 runs unpinned: ");
        assertThat(db.failures.reports).isEmpty();
    }

    @Test
    @Timeout(60)
    void unpinnedCoreIsNothingToWarnOf() throws InterruptedException {
        serveOneRequest(UNPINNED);
        assertThat(db.failures.warnings).isEmpty();
    }
}
