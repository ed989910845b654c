package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;

/**
 * When a key expires, from how a command tells it: in seconds or milliseconds, from now on or since
 * 1970. Holds the last time that was read.
 */
@CoreOwned
final class ExpiryTime {
    private long millis;

    /** Milliseconds since 1970, as the last method has found. */
    long millis() {
        return millis;
    }

    /** For commands that take only times to come, counted from now on; false when it is none. */
    boolean after(long amount, boolean seconds, long nowMillis) {
        return positive(amount, seconds) && add(nowMillis) && millis > 0;
    }

    /** For commands that take only positive times since 1970; false when it is none. */
    boolean at(long amount, boolean seconds) {
        return positive(amount, seconds);
    }

    /** For commands that take any time that fits, counted from {@code baseMillis} on. */
    boolean from(long amount, boolean seconds, long baseMillis) {
        return scale(amount, seconds) && add(baseMillis);
    }

    private boolean positive(long amount, boolean seconds) {
        return amount > 0 && scale(amount, seconds);
    }

    private boolean scale(long amount, boolean seconds) {
        if (seconds && (amount > Long.MAX_VALUE / 1000 || amount < Long.MIN_VALUE / 1000)) {
            return false;
        }
        millis = seconds ? amount * 1000 : amount;
        return true;
    }

    private boolean add(long baseMillis) {
        if (millis > Long.MAX_VALUE - baseMillis) {
            return false;
        }
        millis += baseMillis;
        return true;
    }
}
