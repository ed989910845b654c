package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.bridge.wake.Duty;
import io.nodedb.bridge.wake.StandIn;
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
    private final Rounds rounds = new Rounds();
    private final BooleanSupplier hasWork = rounds::hasWork;
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

    /**
     * Lets the thread do everything that is in the rings and then end; does not wait for that,
     * which takes as long as the disk does. May be called again.
     */
    public void stop() {
        stopping = true;
        bell.ring();
    }

    /** To wait for its end. */
    public Thread thread() {
        return thread;
    }

    /** For threads that wait for the log; only over a disk that bears their interrupts. */
    public StandIn standIn() {
        return new StandIn(bell, rounds);
    }

    private void run() {
        while (true) {
            if (!rounds.step()) {
                if (mayEnd()) {
                    return;
                }
                bell.await(hasWork, writer.idleNanos());
            }
        }
    }

    private boolean mayEnd() {
        return stopping && !writer.waitsForKeeper() && !writer.gathers();
    }

    /** The writer's rounds, by this thread or a stand-in. */
    private final class Rounds implements Duty {
        @Override
        public boolean step() {
            try {
                return writer.stepPart();
            } catch (Throwable t) {
                writer.fail(t);
                return true;
            }
        }

        @Override
        public boolean hasWork() {
            return mayEnd() || writer.hasWork();
        }

        @Override
        public long idleNanos() {
            return writer.idleNanos();
        }

        @Override
        public boolean takesLong() {
            return writer.syncsNext();
        }
    }
}
