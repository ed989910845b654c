package io.nodedb.storage.feed;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.EventPlane;
import org.jspecify.annotations.Nullable;

/** The Event Plane's side of an {@link EventRing}; one thread. Allocates nothing. */
@EventPlane
public final class EventRingReader {
    private final EventRing ring;
    private long head;
    private long knownTail;

    EventRingReader(EventRing ring) {
        this.ring = ring;
    }

    /**
     * The next slot, valid until {@link #release}; null when the ring is empty. The same again
     * until released.
     */
    public @Nullable EventSlot poll() {
        if (head == knownTail) {
            knownTail = ring.tail();
            if (head == knownTail) {
                return null;
            }
        }
        return ring.slot(head);
    }

    /** Gives the polled slot back to the core. */
    public void release() {
        Check.that(head < knownTail, "a slot was polled");
        head++;
        ring.head(head);
    }

    /** True when {@link #poll} would give a slot. */
    public boolean hasNext() {
        return head != knownTail || head != ring.tail();
    }

    /**
     * Every commit up to here has been pushed before. Read it, then poll until the ring is empty:
     * then all of them were seen.
     */
    public long watermark() {
        return ring.watermark();
    }

    /**
     * Asks the core to wake this side with the flush after its watermark has reached {@code lsn};
     * an idle core has to be woken for that.
     */
    public void awaitWatermark(long lsn) {
        ring.wanted(lsn);
    }
}
