package io.nodedb.data.failure;

import io.nodedb.base.ownership.CoreOwned;

/**
 * Degrades a core after repeated unexpected failures and lets it recover by itself.
 *
 * <pre>
 *             3 failures within 60 s of the window's first
 *   HEALTHY ────────────────────────────────────────────────► DEGRADED
 *      ▲                                                         │
 *      └──────────────────── 30 s, counters reset ◄──────────────┘
 * </pre>
 *
 * <p>A completed request (error results included) resets the count; maintenance, heartbeats and
 * refusals neither count as completed nor reset. A failure later than the window after the window's
 * first starts a new window. All times are {@link io.nodedb.base.clock.TimeSource#nanoTime()}.
 */
@CoreOwned
public final class Watchdog {
    private final int threshold;
    private final long windowNanos;
    private final long degradedNanos;

    private int failures;
    private long windowStartNanos;
    private boolean degraded;
    private long degradedSinceNanos;
    private long degradations;

    public Watchdog(int threshold, long windowNanos, long degradedNanos) {
        this.threshold = threshold;
        this.windowNanos = windowNanos;
        this.degradedNanos = degradedNanos;
    }

    /** Counts an unexpected failure. @return true when this one degrades the core */
    public boolean failed(long nowNanos) {
        if (degraded) {
            return false;
        }
        if (failures == 0 || nowNanos - windowStartNanos > windowNanos) {
            failures = 0;
            windowStartNanos = nowNanos;
        }
        failures++;
        if (failures < threshold) {
            return false;
        }
        degraded = true;
        degradedSinceNanos = nowNanos;
        degradations++;
        return true;
    }

    /** Degrades the core at once: its heap is exhausted. @return true when it was healthy before */
    public boolean degradeNow(long nowNanos) {
        if (degraded) {
            return false;
        }
        degraded = true;
        degradedSinceNanos = nowNanos;
        degradations++;
        return true;
    }

    /** A request was completed, with a result or with an error result. */
    public void completed() {
        failures = 0;
    }

    /** Ends the degraded state when its time is over. @return true when it ended just now */
    public boolean recover(long nowNanos) {
        if (!degraded || nowNanos - degradedSinceNanos < degradedNanos) {
            return false;
        }
        degraded = false;
        failures = 0;
        return true;
    }

    public boolean degraded() {
        return degraded;
    }

    /** Milliseconds until the core recovers; 0 when it is healthy. */
    public long retryAfterMillis(long nowNanos) {
        return degraded
                ? Math.max(
                        1, (degradedNanos - (nowNanos - degradedSinceNanos) + 999_999) / 1_000_000)
                : 0;
    }

    /** Failures counted in the present window. */
    public int failures() {
        return failures;
    }

    public int threshold() {
        return threshold;
    }

    public long windowNanos() {
        return windowNanos;
    }

    /** Times the core was degraded since it started. */
    public long degradations() {
        return degradations;
    }
}
