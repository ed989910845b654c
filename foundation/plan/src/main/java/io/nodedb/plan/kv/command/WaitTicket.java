package io.nodedb.plan.kv.command;

import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The right to be served of a client that waits for keys, perhaps at several cores. Exactly one
 * takes it: the core that has something for the client, or the lane that gives up waiting (time is
 * up, the client is unblocked or has gone).
 *
 * <pre>
 *          take (core)                 putBack (core, nothing was done)
 *   OPEN ──────────────▶ TAKEN ──────────────────────────────────────▶ OPEN
 *     └──── giveUp (lane) ──▶ GIVEN_UP
 * </pre>
 */
@Shared("compare-and-set")
public final class WaitTicket {
    private static final int OPEN = 0;
    private static final int TAKEN = 1;
    private static final int GIVEN_UP = 2;

    private final AtomicInteger state = new AtomicInteger(OPEN);
    private final AtomicInteger standing = new AtomicInteger();

    /** Core: the client will be answered from here. False when somebody else has decided. */
    public boolean take() {
        return state.compareAndSet(OPEN, TAKEN);
    }

    /** Who has taken it: nothing was done, the client waits on. */
    public void putBack() {
        state.compareAndSet(TAKEN, OPEN);
    }

    /** Lane: the client waits no longer. False when it is being served. */
    public boolean giveUp() {
        return state.compareAndSet(OPEN, GIVEN_UP);
    }

    /** Core: the client stands in the queues of its keys here. */
    public void stand() {
        standing.incrementAndGet();
    }

    /** At how many cores the client stands, or has stood. */
    public int standing() {
        return standing.get();
    }

    /** May the client still be served? */
    public boolean isOpen() {
        return state.get() == OPEN;
    }
}
