package io.nodedb.storage.feed;

import static io.nodedb.storage.feed.EventRing.MAX_EFFECT_BYTES;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;

/**
 * A core's side of its {@link EventRing}. Never waits and never fails: an event that does not fit
 * (ring full, effects too large, slots grown to their limit) becomes part of a gap, which is pushed
 * as soon as there is room, before anything else. Allocates only while slots grow.
 *
 * <p>Once per turn, after stamping what was acknowledged and offering its events: {@link #advance},
 * then {@link #flush}.
 */
@CoreOwned
public final class EventRingWriter {
    private static final int MIN_SLOT_BYTES = 256;

    private final EventRing ring;
    private final Runnable wakeReader;
    private long tail;
    private long knownHead;
    private long slotBytes;
    private long nextSequence;
    private long lastLsn;
    private long watermark;
    private long gapSequence;
    private long gapFromLsn;
    private long gapToLsn;
    private long gapMissed;
    private long missedInAll;
    private boolean pushed;

    EventRingWriter(EventRing ring, Runnable wakeReader) {
        this.ring = ring;
        this.wakeReader = wakeReader;
    }

    /**
     * Offers one partition's effects of a durable commit; LSNs never go down.
     *
     * @return false when it became part of a gap
     */
    public boolean offerEvent(
            long lsn, int partition, byte source, byte[] effects, int offset, int length) {
        Check.that(lsn >= lastLsn, "events come in the order of the log", lastLsn, lsn);
        lastLsn = lsn;
        long sequence = nextSequence++;
        if (length > MAX_EFFECT_BYTES || !pushGap() || !hasRoom()) {
            miss(sequence, lsn);
            return false;
        }
        EventSlot slot = ring.slot(tail);
        if (length > slot.capacity() && !grow(slot, length)) {
            miss(sequence, lsn);
            return false;
        }
        slot.event(sequence, lsn, partition, source);
        slot.effects(effects, offset, length);
        push();
        return true;
    }

    /** As {@link #offerEvent}, for a commit whose effects the core did not keep at hand. */
    public void missed(long lsn) {
        Check.that(lsn >= lastLsn, "events come in the order of the log", lastLsn, lsn);
        lastLsn = lsn;
        miss(nextSequence++, lsn);
    }

    private void miss(long sequence, long lsn) {
        if (gapMissed == 0) {
            gapSequence = sequence;
            gapFromLsn = lsn;
        }
        gapToLsn = lsn;
        gapMissed++;
        missedInAll++;
    }

    private boolean grow(EventSlot slot, int length) {
        int bytes = Math.max(MIN_SLOT_BYTES, Integer.highestOneBit(length - 1) << 1);
        long more = (long) bytes - slot.capacity();
        if (slotBytes + more > ring.maxBytes()) {
            return false;
        }
        slotBytes += more;
        slot.grow(bytes);
        return true;
    }

    /**
     * Tells that every commit up to {@code durableLsn} was offered, in an otherwise quiet time.
     *
     * @return false when the ring was full and it was dropped
     */
    public boolean heartbeat(long durableLsn, long millis) {
        if (!pushGap() || !hasRoom()) {
            return false;
        }
        ring.slot(tail).heartbeat(nextSequence, durableLsn, millis);
        push();
        raise(durableLsn);
        return true;
    }

    /**
     * Tells that every commit up to {@code durableLsn} was offered: the core read durableLsn, then
     * emptied its acknowledgement ring, stamped and offered. Nothing happens while a gap waits for
     * room.
     */
    public void advance(long durableLsn) {
        if (pushGap()) {
            raise(durableLsn);
        }
    }

    private void raise(long durableLsn) {
        if (durableLsn > watermark) {
            watermark = durableLsn;
            ring.watermark(durableLsn);
        }
    }

    /**
     * Wakes the reader when something was pushed since the last flush, or it waits for this
     * watermark.
     */
    public void flush() {
        long wanted = ring.wanted();
        boolean awaited = wanted != 0 && watermark >= wanted;
        if (awaited) {
            ring.wanted(0);
        }
        if (pushed || awaited) {
            pushed = false;
            wakeReader.run();
        }
    }

    /** False when a gap has to be pushed first and there is no room even for that. */
    private boolean pushGap() {
        if (gapMissed == 0) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        ring.slot(tail).gap(gapSequence, gapFromLsn, gapToLsn, gapMissed);
        gapMissed = 0;
        push();
        return true;
    }

    private boolean hasRoom() {
        if (tail - knownHead == ring.capacity()) {
            knownHead = ring.head();
        }
        return tail - knownHead < ring.capacity();
    }

    private void push() {
        tail++;
        ring.tail(tail);
        pushed = true;
    }

    /** Events that became part of gaps so far: the metric. */
    public long missedInAll() {
        return missedInAll;
    }
}
