package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Shared;
import java.util.function.BooleanSupplier;

/** The thread {@code wal-keeper}: does the keeper's chores, sleeps at its bell otherwise. */
@Shared("start and stop from the owner; everything else on the thread itself")
public final class WalKeeperThread {
    private final WalKeeper keeper;
    private final Thread thread;
    private final BooleanSupplier hasWork = this::hasWork;
    private volatile boolean stopping;

    public WalKeeperThread(WalKeeper keeper) {
        this.keeper = keeper;
        this.thread = Thread.ofPlatform().name("wal-keeper").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * Lets the thread finish the chore that was posted and then end; does not wait for that. After
     * the end of the writer's thread, which may wait for the keeper. May be called again.
     */
    public void stop() {
        stopping = true;
        keeper.bell().ring();
    }

    /** To wait for its end. */
    public Thread thread() {
        return thread;
    }

    private boolean hasWork() {
        return stopping || keeper.hasWork();
    }

    private void run() {
        while (true) {
            if (!keeper.step()) {
                if (stopping) {
                    return;
                }
                keeper.bell().await(hasWork, Long.MAX_VALUE);
            }
        }
    }
}
