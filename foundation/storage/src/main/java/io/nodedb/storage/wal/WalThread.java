package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.Doorbell;
import java.util.function.BooleanSupplier;

/**
 * The thread {@code wal-writer}: steps the writer while there is work, sleeps at its bell
 * otherwise. Nothing kills it but {@link #stop}: what a step throws ends writing for good, and the
 * steps go on to answer everybody with that failure.
 */
@Shared("start and stop from the owner; everything else on the thread itself")
public final class WalThread {
    private final WalWriter writer;
    private final Doorbell bell;
    private final Thread thread;
    private volatile boolean stopping;

    /** {@code bell} is the one that the cores and coordinators ring. */
    public WalThread(WalWriter writer, Doorbell bell) {
        this.writer = writer;
        this.bell = bell;
        this.thread = Thread.ofPlatform().name("wal-writer").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Does everything that is in the rings, then ends the thread and waits for that. */
    public void stop() throws InterruptedException {
        stopping = true;
        bell.ring();
        thread.join();
    }

    private void run() {
        BooleanSupplier hasWork = () -> stopping || writer.hasWork();
        while (true) {
            boolean worked;
            try {
                worked = writer.step();
            } catch (Throwable t) {
                writer.fail(t);
                worked = true;
            }
            if (!worked) {
                if (stopping) {
                    return;
                }
                bell.await(hasWork, writer.idleNanos());
            }
        }
    }
}
