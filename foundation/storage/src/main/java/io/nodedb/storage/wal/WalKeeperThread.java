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
     * Finishes the chore that was posted, then ends the thread and waits for that. After the
     * writer's thread, which may wait for the keeper.
     */
    public void stop() throws InterruptedException {
        stopping = true;
        keeper.bell().ring();
        thread.join();
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
