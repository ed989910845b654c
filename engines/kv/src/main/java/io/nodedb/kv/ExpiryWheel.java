package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;

/**
 * The newest versions that expire, by time: a hierarchical timing wheel with a resolution of one
 * millisecond and no end. Each of its levels has 64 slots, a slot of level n is 64<sup>n</sup>
 * milliseconds wide; a slot is a doubly linked list through the versions themselves, so adding and
 * removing take constant time and no memory.
 *
 * <p>A version's field "before" is the address of its predecessor in the list; in the first of a
 * slot it is the complement of the slot's number, which is negative; 0 when it is in no list.
 *
 * <p>Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987. A version's level
 * is that of the highest bit in which its time differs from the wheel's.
 */
@CoreOwned
final class ExpiryWheel {
    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;

    /** Enough for every positive long. */
    private static final int LEVELS = 11;

    /** The list of versions whose time has come. */
    private static final int DUE = LEVELS * SLOTS;

    private final EntryStore entries;
    private static final long[] NEVER_USED = {};

    /** Made when first needed: most wheels stay empty. */
    private long[] first = NEVER_USED;

    private long[] occupied = NEVER_USED;
    private long wheelMillis;
    private long size;

    ExpiryWheel(EntryStore entries) {
        this.entries = entries;
    }

    /** Versions in the wheel. */
    long size() {
        return size;
    }

    /** Puts a version that is in no list where it becomes due at {@code millis}. */
    void add(long entry, long millis) {
        if (first == NEVER_USED) {
            first = new long[DUE + 1];
            occupied = new long[LEVELS];
        }
        link(entry, slotOf(millis));
        size++;
    }

    /** Takes a version out; nothing happens when it is in no list. */
    void remove(long entry) {
        if (entries.timerBefore(entry) != 0) {
            unlink(entry);
            size--;
        }
    }

    /**
     * When there is next something to do, in epoch milliseconds; {@link Long#MAX_VALUE} when never.
     */
    long nextMillis() {
        if (size == 0) {
            return Long.MAX_VALUE;
        }
        if (first[DUE] != 0) {
            return 0;
        }
        int slot = firstOccupied();
        return slot < 0 ? Long.MAX_VALUE : startOf(slot);
    }

    /**
     * Turns the wheel to {@code nowMillis}, handling at most {@code limit} versions; {@link
     * #nextMillis} tells whether there is more to do.
     */
    void advance(long nowMillis, int limit) {
        if (nowMillis < wheelMillis) {
            // The wall clock has stepped back. Slots now look earlier than they are; what they hold
            // is put in its right place when they come up.
            wheelMillis = nowMillis;
        }
        for (int handled = 0; handled < limit; handled++) {
            int slot = firstOccupied();
            if (slot < 0 || startOf(slot) > nowMillis) {
                wheelMillis = nowMillis;
                return;
            }
            wheelMillis = Math.max(wheelMillis, startOf(slot));
            long entry = first[slot];
            unlink(entry);
            link(entry, slotOf(entries.expireAt(entry)));
        }
    }

    /** A version that is due, 0 when there is none. */
    long firstDue() {
        return size == 0 ? 0 : first[DUE];
    }

    /** Makes a version that is in the wheel due at another time. */
    void move(long entry, long millis) {
        unlink(entry);
        link(entry, slotOf(millis));
    }

    /** Puts another version, which is in no list, in the place of one that is in the wheel. */
    void replace(long entry, long by) {
        long next = entries.timerNext(entry);
        long before = entries.timerBefore(entry);
        entries.setTimerNext(by, next);
        entries.setTimerBefore(by, before);
        if (before > 0) {
            entries.setTimerNext(before, by);
        } else {
            first[(int) ~before] = by;
        }
        if (next != 0) {
            entries.setTimerBefore(next, by);
        }
        entries.setTimerBefore(entry, 0);
    }

    private int slotOf(long millis) {
        if (millis <= wheelMillis) {
            return DUE;
        }
        int highestBit = 63 - Long.numberOfLeadingZeros(millis ^ wheelMillis);
        int level = highestBit / SLOT_BITS;
        return level * SLOTS + ((int) (millis >>> (level * SLOT_BITS)) & (SLOTS - 1));
    }

    /**
     * The slot that begins first, -1 when all are empty. That is not always one of the lowest
     * level: a higher slot may be half handled, or the clock may have stepped back.
     */
    private int firstOccupied() {
        int best = -1;
        long bestStart = Long.MAX_VALUE;
        for (int level = 0; level < occupied.length; level++) {
            if (occupied[level] != 0) {
                int slot = level * SLOTS + Long.numberOfTrailingZeros(occupied[level]);
                if (startOf(slot) < bestStart) {
                    bestStart = startOf(slot);
                    best = slot;
                }
            }
        }
        return best;
    }

    /** The first millisecond of a slot in the wheel's present turn. */
    private long startOf(int slot) {
        int shift = slot / SLOTS * SLOT_BITS;
        long turn = shift + SLOT_BITS >= 64 ? 0 : wheelMillis >>> (shift + SLOT_BITS) << SLOT_BITS;
        return (turn | slot % SLOTS) << shift;
    }

    private void link(long entry, int slot) {
        long head = first[slot];
        entries.setTimerNext(entry, head);
        entries.setTimerBefore(entry, ~(long) slot);
        if (head != 0) {
            entries.setTimerBefore(head, entry);
        }
        first[slot] = entry;
        if (slot != DUE) {
            occupied[slot / SLOTS] |= 1L << slot % SLOTS;
        }
    }

    private void unlink(long entry) {
        long next = entries.timerNext(entry);
        long before = entries.timerBefore(entry);
        if (before > 0) {
            entries.setTimerNext(before, next);
        } else {
            int slot = (int) ~before;
            first[slot] = next;
            if (next == 0 && slot != DUE) {
                occupied[slot / SLOTS] &= ~(1L << slot % SLOTS);
            }
        }
        if (next != 0) {
            entries.setTimerBefore(next, before);
        }
        entries.setTimerBefore(entry, 0);
    }
}
