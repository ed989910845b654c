package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;

/**
 * Tells a client whose command is on its way for too long, and comes byte by byte, from one that
 * sends a large value over a slow line: after a minute a command must have come at {@value
 * #LEAST_BYTES_PER_SECOND} bytes a second. A client that sends nothing at all is for {@code
 * idle_timeout}. Belongs to its connection.
 */
@ControlPlane
final class CommandPace {
    private static final long FREE_MILLIS = 60_000;
    private static final long LEAST_BYTES_PER_SECOND = 1024;
    private static final long NOTHING = Long.MIN_VALUE;

    private long begunMillis = NOTHING;

    /** A command was taken, or nothing of the next one is there. */
    void taken() {
        begunMillis = NOTHING;
    }

    /** More has come, behind {@code here} bytes of a command that is not whole. */
    boolean isTooSlow(int here, long nowMillis) {
        if (begunMillis == NOTHING) {
            begunMillis = nowMillis;
        }
        return nowMillis - begunMillis > FREE_MILLIS + 1000L * here / LEAST_BYTES_PER_SECOND;
    }
}
