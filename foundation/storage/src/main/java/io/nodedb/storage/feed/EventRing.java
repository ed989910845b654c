package io.nodedb.storage.feed;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded ring of reusable slots from one core to the Event Plane, and beside it the core's
 * watermark.
 *
 * <p>The watermark says: every commit up to it that touches this core's partitions was put into the
 * ring before (as an event or within a gap). A reader that takes the watermark first and then
 * empties the ring has therefore seen them all. It costs no slot and moves each turn, so that a
 * commit of several cores need not wait for the next heartbeat; heartbeats carry the same for an
 * idle core.
 *
 * <p>Positions are padded to a pair of cache lines each.
 */
@Shared("release/acquire positions; one producer, one consumer")
public final class EventRing {
    /** Slots by default. */
    public static final int DEFAULT_SLOTS = 4096;

    /** Largest effects of one event; a commit with more is read from the log. */
    public static final int MAX_EFFECT_BYTES = 64 << 10;

    /** Bytes that all slots of a ring together may grow to by default. */
    public static final long DEFAULT_MAX_BYTES = 32L << 20;

    /** A slot without its array, and the place that it has in the table. */
    private static final int SLOT_BYTES = 64;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int HEAD = 16;
    private static final int TAIL = 32;
    private static final int WATERMARK = 48;
    private static final int WANTED = 64;

    private final EventSlot[] slots;
    private final int mask;
    private final long maxBytes;
    private final long[] positions = new long[80];
    private final EventRingWriter writer;
    private final EventRingReader reader;

    /**
     * @param slots power of two
     * @param maxBytes what the slots' arrays may grow to; events that would need more become gaps
     * @param wakeReader rings the Event Plane's doorbell; called by the core, at most once per
     *     flush
     */
    public EventRing(int slots, long maxBytes, Runnable wakeReader) {
        Check.that(slots > 1 && Integer.bitCount(slots) == 1, "slots are a power of two", slots);
        this.slots = new EventSlot[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new EventSlot();
        }
        this.mask = slots - 1;
        this.maxBytes = maxBytes;
        this.writer = new EventRingWriter(this, wakeReader);
        this.reader = new EventRingReader(this);
    }

    /** What a ring takes at most. */
    public static long memoryBytes(int slots, long maxBytes) {
        return (long) slots * SLOT_BYTES + maxBytes;
    }

    /** The core's side. */
    public EventRingWriter writer() {
        return writer;
    }

    /** The Event Plane's side. */
    public EventRingReader reader() {
        return reader;
    }

    /** Slots. Any thread. */
    public int capacity() {
        return slots.length;
    }

    /** Slots that wait for the Event Plane. Any thread. */
    public int used() {
        // In this order, so that what is taken meanwhile makes the answer too large, not negative.
        long head = head();
        return Math.clamp(tail() - head, 0, slots.length);
    }

    long maxBytes() {
        return maxBytes;
    }

    EventSlot slot(long position) {
        return slots[(int) position & mask];
    }

    long head() {
        return (long) LONGS.getAcquire(positions, HEAD);
    }

    void head(long position) {
        LONGS.setRelease(positions, HEAD, position);
    }

    long tail() {
        return (long) LONGS.getAcquire(positions, TAIL);
    }

    void tail(long position) {
        LONGS.setRelease(positions, TAIL, position);
    }

    long watermark() {
        return (long) LONGS.getAcquire(positions, WATERMARK);
    }

    void watermark(long lsn) {
        LONGS.setRelease(positions, WATERMARK, lsn);
    }

    /** LSN that the reader waits for; 0 when none. */
    long wanted() {
        return (long) LONGS.getVolatile(positions, WANTED);
    }

    void wanted(long lsn) {
        LONGS.setVolatile(positions, WANTED, lsn);
    }
}
