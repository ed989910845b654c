package io.nodedb.base.ids;

/**
 * A log sequence number: a commit's place in the log and its system time in one 64-bit value. The
 * high 48 bits are milliseconds since 1970, the low 16 bits a counter within the millisecond;
 * strictly increasing, compared as a signed long (positive until the year 4429).
 */
public final class Lsn {
    /** Before every commit. */
    public static final long NONE = 0;

    /** On a version that is applied but not yet durable: after every commit. */
    public static final long PENDING = Long.MAX_VALUE;

    private static final int COUNTER_BITS = 16;

    private Lsn() {}

    /** The first LSN of a millisecond. */
    public static long ofMillis(long epochMillis) {
        return epochMillis << COUNTER_BITS;
    }

    /** The system time of a commit, in milliseconds since 1970. */
    public static long millis(long lsn) {
        return lsn >>> COUNTER_BITS;
    }

    /** {@code 2026-11-22T13:55:00.000Z+7}: for messages. */
    public static String toString(long lsn) {
        if (lsn == PENDING) {
            return "pending";
        }
        return java.time.Instant.ofEpochMilli(millis(lsn))
                + "+"
                + (lsn & ((1L << COUNTER_BITS) - 1));
    }
}
