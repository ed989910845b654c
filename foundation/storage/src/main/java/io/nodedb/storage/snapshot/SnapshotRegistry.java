package io.nodedb.storage.snapshot;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * The snapshots in use, each in a slot of its own.
 *
 * <p><b>Protocol.</b> A reader takes S = ackingLsn, publishes S in its slot, reads ackingLsn again
 * and repeats until both are equal. The WAL writer raises ackingLsn after a group's sync and
 * <em>before</em> it pushes that group's acknowledgements. A core that takes an acknowledgement for
 * LSN C, and thereby supersedes a version of LSN P, asks {@code needed(P, C)} and drops the old
 * version when the answer is no. A core asked to read at S first waits until durableLsn reaches S,
 * which happens by itself because S is being acknowledged.
 *
 * <p><b>Why no version is dropped that a snapshot sees.</b> Let S be registered with P &le; S &lt;
 * C. Slot, ackingLsn and their reads are volatile, so one total order <i>so</i> holds them all, and
 * happens-before agrees with it:
 *
 * <pre>
 *   reader   slot := S            (1)
 *   reader   ackingLsn is S       (2)   after (1) in program order
 *   writer   ackingLsn := L, L &ge; C (3)   after (2) in so: ackingLsn only grows, and (2) read S &lt; C
 *   writer   push ack of C        (4)   release
 *   core     take ack of C        (5)   acquire, so (3) happens before (6)
 *   core     read slot            (6)   after (3), thus after (1), in so: it reads S
 * </pre>
 *
 * The same holds for the count and the occupancy bit, which are set before (1) and cleared after
 * the slot is. The forbidden outcome (reader: S &lt; C, core: nothing needed) needs (6) before (1),
 * hence a cycle. A value of S that fails its re-check stays published for a moment and may keep a
 * version longer than necessary; never the other way round.
 *
 * <p><b>Expiry.</b> {@link #expire} marks a slot; the slot stays taken until its owner releases it,
 * so it can't be mistaken for the next owner's. A core checks {@link #isValid} at the start of
 * every quantum that reads at a snapshot: versions are dropped by that same thread only, and a
 * thread that once saw the mark sees it ever after, so a quantum that found its slot valid reads
 * whole versions.
 *
 * <p>Cost: {@code needed} is one volatile read when no snapshot is registered, else one per 64
 * slots and one per snapshot. Slots are taken lowest first and are a cache line each.
 */
@Shared("volatile slots, occupancy bits taken by compare-and-set")
public final class SnapshotRegistry {
    /** Slots by default: more than the requests that a process may have under way. */
    public static final int DEFAULT_SLOTS = 4096;

    private static final long FREE = -1;
    private static final long EXPIRED = -2;
    private static final long NEVER = Long.MAX_VALUE;

    /** Longs per slot: one cache line, of which the LSN and the time of registration are used. */
    private static final int STRIDE = 8;

    private static final int TIME = 1;

    private final LongSupplier ackingLsn;
    private final int slots;
    private final AtomicLongArray state;
    private final AtomicLongArray occupied;
    private final AtomicInteger registered = new AtomicInteger();

    /**
     * @param ackingLsn volatile read of the WAL writer's {@code ackingLsn}; not negative
     * @param slots most snapshots at one time, a multiple of 64
     */
    public SnapshotRegistry(LongSupplier ackingLsn, int slots) {
        Check.that(slots > 0 && slots % Long.SIZE == 0, "slots are a multiple of 64", slots);
        this.ackingLsn = ackingLsn;
        this.slots = slots;
        this.state = new AtomicLongArray(slots * STRIDE);
        this.occupied = new AtomicLongArray(slots / Long.SIZE);
        for (int slot = 0; slot < slots; slot++) {
            state.set(slot * STRIDE, FREE);
        }
    }

    public SnapshotRegistry(LongSupplier ackingLsn) {
        this(ackingLsn, DEFAULT_SLOTS);
    }

    /**
     * Registers a snapshot of everything acknowledged so far.
     *
     * @return false when all slots are taken; the handle then holds nothing
     */
    public boolean register(SnapshotHandle handle, long nowMillis) {
        Check.that(!handle.isRegistered(), "the handle was released");
        int slot = takeSlot();
        if (slot < 0) {
            return false;
        }
        int at = slot * STRIDE;
        state.set(at + TIME, nowMillis);
        registered.getAndIncrement();
        long lsn;
        do {
            lsn = ackingLsn.getAsLong();
            state.set(at, lsn);
        } while (ackingLsn.getAsLong() != lsn);
        handle.hold(slot, lsn);
        return true;
    }

    /** As {@link #register}, for a backup: the snapshot never expires. */
    public boolean registerForBackup(SnapshotHandle handle) {
        return register(handle, NEVER);
    }

    /** Gives the slot back. Nothing happens when the handle holds none. */
    public void release(SnapshotHandle handle) {
        if (!handle.isRegistered()) {
            return;
        }
        int slot = handle.slot();
        handle.clear();
        state.set(slot * STRIDE, FREE);
        registered.getAndDecrement();
        occupied.getAndAccumulate(slot / Long.SIZE, ~(1L << slot), (word, mask) -> word & mask);
    }

    /**
     * True when a registered snapshot lies in [{@code fromLsn}, {@code toLsn}): it sees the version
     * committed at the one and superseded at the other.
     */
    public boolean needed(long fromLsn, long toLsn) {
        if (registered.get() == 0) {
            return false;
        }
        for (int word = 0; word < occupied.length(); word++) {
            for (long bits = occupied.get(word); bits != 0; bits &= bits - 1) {
                long lsn = lsnOf(word, bits);
                if (lsn >= fromLsn && lsn < toLsn && lsn >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The lowest registered LSN; {@link Long#MAX_VALUE} when there is none. */
    public long oldest() {
        long oldest = Long.MAX_VALUE;
        if (registered.get() == 0) {
            return oldest;
        }
        for (int word = 0; word < occupied.length(); word++) {
            for (long bits = occupied.get(word); bits != 0; bits &= bits - 1) {
                long lsn = lsnOf(word, bits);
                if (lsn >= 0 && lsn < oldest) {
                    oldest = lsn;
                }
            }
        }
        return oldest;
    }

    /** Snapshots registered now, expired ones included. */
    public int registered() {
        return registered.get();
    }

    /**
     * Expires every snapshot that was registered more than {@code maxAgeMillis} ago.
     *
     * @return how many
     */
    public int expire(long nowMillis, long maxAgeMillis) {
        int expired = 0;
        for (int word = 0; word < occupied.length(); word++) {
            for (long bits = occupied.get(word); bits != 0; bits &= bits - 1) {
                int at = slotOf(word, bits) * STRIDE;
                long lsn = state.get(at);
                long since = state.get(at + TIME);
                // A slot that was released and taken again in between has a newer time, or another
                // LSN, or the same LSN and is then merely told to start again.
                if (lsn >= 0
                        && since != NEVER
                        && nowMillis - since > maxAgeMillis
                        && state.compareAndSet(at, lsn, EXPIRED)) {
                    expired++;
                }
            }
        }
        return expired;
    }

    /** False when the snapshot has expired: the read ends with SNAPSHOT_TOO_OLD. */
    public boolean isValid(int slot, long lsn) {
        return state.get(slot * STRIDE) == lsn;
    }

    private long lsnOf(int word, long bits) {
        return state.get(slotOf(word, bits) * STRIDE);
    }

    private static int slotOf(int word, long bits) {
        return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
    }

    private int takeSlot() {
        for (int word = 0; word < occupied.length(); word++) {
            long bits = occupied.get(word);
            while (bits != -1L) {
                long bit = Long.lowestOneBit(~bits);
                if (occupied.compareAndSet(word, bits, bits | bit)) {
                    return word * Long.SIZE + Long.numberOfTrailingZeros(bit);
                }
                bits = occupied.get(word);
            }
        }
        return -1;
    }

    /** Slots in all. */
    public int capacity() {
        return slots;
    }
}
