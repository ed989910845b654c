package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Readers that hold the log back: each pin keeps what lies above its LSN, as far as {@code
 * wal_keep} allows. Pinning does not prove that the log still reaches back so far: the reader opens
 * its cursor afterwards, which does.
 */
@Shared("one atomic slot per pin")
public final class Pins {
    /** Feeds, backups and replicas together. */
    public static final int MAX_PINS = 256;

    private static final long FREE = Long.MAX_VALUE;

    private final AtomicLongArray slots = new AtomicLongArray(MAX_PINS);

    Pins() {
        for (int i = 0; i < MAX_PINS; i++) {
            slots.set(i, FREE);
        }
    }

    /** Keeps what lies above {@code lsn}; returns the pin's number, or -1 when none is free. */
    public int pin(long lsn) {
        Check.that(lsn >= 0 && lsn < FREE, "an LSN is pinned", lsn);
        for (int i = 0; i < MAX_PINS; i++) {
            if (slots.get(i) == FREE && slots.compareAndSet(i, FREE, lsn)) {
                return i;
            }
        }
        return -1;
    }

    /** The pin's reader has come further. */
    public void advance(int pin, long lsn) {
        Check.that(slots.get(pin) <= lsn, "a pin only moves forward", slots.get(pin), lsn);
        slots.set(pin, lsn);
    }

    public void unpin(int pin) {
        slots.set(pin, FREE);
    }

    /** The lowest LSN pinned, or {@link Long#MAX_VALUE}. */
    long lowest() {
        long lowest = FREE;
        for (int i = 0; i < MAX_PINS; i++) {
            lowest = Math.min(lowest, slots.get(i));
        }
        return lowest;
    }
}
