package io.nodedb.document.rules;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.base.value.Value;
import java.util.random.RandomGenerator;

/**
 * Makes UUIDs of version 7, each greater than the one before: milliseconds since 1970 in 48 bits,
 * then 74 random bits. Within one millisecond, and while the clock stands or steps back, the random
 * part of the last one grows by a random amount; when it is full, the time goes on by one.
 *
 * <p>Source: RFC 9562, sections 5.7 and 6.2 (method 2, monotonic random). Safe for every thread, as
 * those who write to one database share it: ids ascend over all of them.
 */
@Shared("its monitor")
public final class UuidSource {
    private static final int LOW_BITS = 62;
    private static final int HIGH_BITS = 12;
    private static final long LOW_MASK = (1L << LOW_BITS) - 1;
    private static final long HIGH_MASK = (1L << HIGH_BITS) - 1;
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final TimeSource time;
    private final RandomGenerator random;
    private long millis = -1;
    private long high;
    private long low;

    /** Ids can't be guessed when {@code random} can't. */
    public UuidSource(TimeSource time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    public synchronized Value.Uuid next() {
        long now = time.epochMillis();
        if (now > millis) {
            millis = now;
            high = random.nextLong() & HIGH_MASK;
            low = random.nextLong() & LOW_MASK;
        } else {
            low += 1 + (random.nextLong() & 0xFFFF_FFFFL);
            if (low > LOW_MASK) {
                low &= LOW_MASK;
                high++;
            }
            if (high > HIGH_MASK) {
                millis++;
                high = random.nextLong() & HIGH_MASK;
            }
        }
        return new Value.Uuid(millis << 16 | VERSION | high, VARIANT | low);
    }
}
