package io.nodedb.base.clock;

import io.nodedb.base.ids.Lsn;

/**
 * Hands out strictly increasing LSNs that follow the wall clock and survive its steps backwards:
 * the next value is the greater of the wall clock's first LSN of this millisecond and the last
 * value plus one (a full counter carries into the milliseconds).
 *
 * <p>Owned by the WAL writer: one thread calls {@link #next()}. Source: Kulkarni et al., "Logical
 * Physical Clocks", 2014.
 */
public final class HybridClock {
    private final TimeSource time;
    private long last;

    /**
     * {@code floor} is the highest LSN that recovery found in any file; every value handed out lies
     * above it.
     */
    public HybridClock(TimeSource time, long floor) {
        this.time = time;
        this.last = floor;
    }

    /** The next LSN. */
    public long next() {
        last = Math.max(last + 1, Lsn.ofMillis(time.epochMillis()));
        return last;
    }

    /** The last LSN handed out, or the floor. */
    public long last() {
        return last;
    }
}
