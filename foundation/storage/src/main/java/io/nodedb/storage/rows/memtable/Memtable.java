package io.nodedb.storage.rows.memtable;

import io.nodedb.base.errors.Check;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.memory.SlabMemory;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.VersionHorizon;
import io.nodedb.storage.rows.block.RowVersion;
import io.nodedb.storage.rows.counts.KeyspaceDeltas;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The newest rows, sorted, off-heap: a skip list of keys, each with a chain of versions, newest
 * first. Pending versions are stamped in place.
 *
 * <pre>
 *   node      0 i64 newest version
 *             8 i64 first 8 bytes of the key behind the keyspace, big-endian
 *            16 i32 keyspace
 *            20 i32 row key bytes << 8 | height
 *            24 i64 node before (level 0)
 *            32 i64 next node, for each level
 *               row key
 *   version   0 i64 stamp
 *             8 i64 older version
 *            16 i64 node
 *            24 i32 value bytes << 2 | kind
 *            28 i32 rows that it adds to the keyspace: 1, 0 or -1
 *            32     value
 * </pre>
 *
 * <p>States: active, then {@linkplain #seal sealed} (stamps, and no new versions but such as are
 * committed before its pending ones), then frozen (no pending versions either): a frozen one never
 * changes and may be read by other threads until it is closed. Until then owned by one core. A node
 * without versions, left by {@link #undo}, stays.
 *
 * <p>Source: Pugh, "Skip Lists: A Probabilistic Alternative to Balanced Trees", 1990.
 */
@CoreOwned
public final class Memtable implements AutoCloseable {
    /** No node, no version. */
    public static final long NONE = SlabAllocator.NONE;

    private static final int MAX_HEIGHT = 16;
    private static final int NEWEST = 0;
    private static final int HEAD = 8;
    private static final int KEYSPACE = 16;
    private static final int SHAPE = 20;
    private static final int BEFORE = 24;
    private static final int NEXT = 32;

    private static final int STAMP = 0;
    private static final int OLDER = 8;
    private static final int NODE = 16;
    private static final int VALUE = 24;
    private static final int ROWS_ADDED = 28;
    private static final int VERSION_BYTES = 32;

    private static final VarHandle BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BIG_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final SlabAllocator memory;
    private final int generation;
    private final long root;
    private final long[] path = new long[MAX_HEIGHT];
    private int height = 1;
    private long randomState = 0x9E3779B97F4A7C15L;

    private final KeyspaceDeltas deltas = new KeyspaceDeltas();
    private long rows;
    private int pending;
    private long modifications;
    private long lowestLsn = Long.MAX_VALUE;
    private long highestLsn;
    private boolean sealed;

    /**
     * @param generation tells handles of one memtable from another's
     */
    public Memtable(MemoryGovernor governor, int generation) {
        this(new SlabAllocator(governor, MemoryTag.ROW_MEMTABLE), generation);
    }

    /**
     * @param memory empty; the memtable's from now on
     * @param generation tells handles of one memtable from another's
     */
    public Memtable(SlabAllocator memory, int generation) {
        this.memory = memory;
        this.generation = generation;
        this.root = memory.allocateBeyondLimit(NEXT + 8 * MAX_HEIGHT);
        memory.clear(root, 0, NEXT + 8 * MAX_HEIGHT);
    }

    public int generation() {
        return generation;
    }

    /** What {@code operations} writes of {@code bytes} bytes may take, at most. */
    public static long worstBytes(int operations, long bytes) {
        // Rounding up to size classes takes at most an eighth, or 8 bytes; towers are mostly low.
        long overhead = VERSION_BYTES + NEXT + 8L * MAX_HEIGHT + 16;
        return bytes + bytes / 8 + operations * overhead * 9 / 8;
    }

    /** Makes sure that this many bytes can be taken; false when the governor refuses. */
    public boolean ensureAvailable(long bytes) {
        return memory.ensureAvailable(bytes);
    }

    /**
     * Installs a version as its key's newest. In replay (a positive stamp), one that is older than
     * what is there is passed over.
     *
     * @param rowsAdded what it does to the number of the keyspace's rows: 1, 0 or -1
     * @return the version, or {@link #NONE} when it was passed over
     */
    public long add(
            byte[] rowKey,
            int keyLength,
            int kind,
            byte[] value,
            int valueOffset,
            int valueLength,
            int rowsAdded,
            long stamp,
            VersionHorizon horizon) {
        Check.that(
                !sealed || (stamp > 0 && pending > 0),
                "a sealed memtable takes what is committed before its pending versions");
        long node = findOrInsert(rowKey, keyLength);
        long newest = memory.getLong(node, NEWEST);
        if (stamp > 0 && newest != NONE && stamp(newest) > stamp) {
            return NONE;
        }
        long version = memory.allocateBeyondLimit(VERSION_BYTES + valueLength);
        memory.putLong(version, STAMP, stamp);
        memory.putLong(version, OLDER, newest);
        memory.putLong(version, NODE, node);
        memory.putInt(version, VALUE, valueLength << 2 | kind);
        memory.putInt(version, ROWS_ADDED, rowsAdded);
        deltas.add(keyspace(rowKey), rowsAdded);
        if (valueLength > 0) {
            memory.copyIn(value, valueOffset, valueLength, version, VERSION_BYTES);
        }
        memory.putLong(node, NEWEST, version);
        modifications++;
        if (stamp > 0) {
            committed(version, stamp, horizon);
        } else {
            pending++;
        }
        return version;
    }

    /** A pending version is committed; older ones that no snapshot needs go, unless sealed. */
    public void stamp(long version, long lsn, VersionHorizon horizon) {
        Check.that(stamp(version) < 0, "a version is stamped once", stamp(version));
        memory.putLong(version, STAMP, lsn);
        pending--;
        modifications++;
        committed(version, lsn, horizon);
    }

    private void committed(long version, long lsn, VersionHorizon horizon) {
        lowestLsn = Math.min(lowestLsn, lsn);
        highestLsn = Math.max(highestLsn, lsn);
        rows++;
        long older = memory.getLong(version, OLDER);
        if (older != NONE && stamp(older) > 0) {
            long olderLsn = stamp(older);
            if (olderLsn == lsn || !horizon.needed(olderLsn, lsn)) {
                memory.putLong(version, OLDER, memory.getLong(older, OLDER));
                memory.free(older, VERSION_BYTES + valueLength(older));
                rows--;
            }
        }
    }

    /** Takes back a pending version, which is its key's newest. */
    public void undo(long version) {
        long node = memory.getLong(version, NODE);
        Check.that(stamp(version) < 0, "only pending versions are taken back", stamp(version));
        Check.that(memory.getLong(node, NEWEST) == version, "newest versions are taken back first");
        memory.putLong(node, NEWEST, memory.getLong(version, OLDER));
        deltas.add(memory.getInt(node, KEYSPACE), -memory.getInt(version, ROWS_ADDED));
        memory.free(version, VERSION_BYTES + valueLength(version));
        pending--;
        modifications++;
    }

    /** No further pending versions; gives memory back that was reserved ahead. */
    public void seal() {
        sealed = true;
        memory.trim();
    }

    /** Sealed, and all versions committed: it never changes again. */
    public boolean isFrozen() {
        return sealed && pending == 0;
    }

    public boolean isSealed() {
        return sealed;
    }

    /** Neither committed nor pending versions. */
    public boolean isEmpty() {
        return rows == 0 && pending == 0;
    }

    /** Versions that are not committed. */
    public int pending() {
        return pending;
    }

    /** Committed versions. */
    public long rows() {
        return rows;
    }

    /** What its versions, pending ones included, do to the number of rows. */
    public KeyspaceDeltas deltas() {
        return deltas;
    }

    /** {@link Long#MAX_VALUE} when nothing is committed. */
    public long lowestLsn() {
        return lowestLsn;
    }

    public long highestLsn() {
        return highestLsn;
    }

    /** Changes with every change of it. */
    public long modifications() {
        return modifications;
    }

    /** Bytes in nodes and versions: what is compared with the size at which it is sealed. */
    public long dataBytes() {
        return memory.allocatedBytes();
    }

    /** Governed bytes. */
    public long memoryBytes() {
        return memory.chunkBytes() + memory.pledgedBytes();
    }

    /** The first node at or behind a key; {@link #NONE} when there is none. */
    public long ceiling(byte[] rowKey, int keyLength) {
        return next(before(rowKey, keyLength, false), 0);
    }

    /** The last node before a key; {@link #NONE} when there is none. */
    public long lower(byte[] rowKey, int keyLength) {
        long node = before(rowKey, keyLength, false);
        return node == root ? NONE : node;
    }

    /** The node of a key; {@link #NONE} when there is none. */
    public long find(byte[] rowKey, int keyLength) {
        long node = ceiling(rowKey, keyLength);
        return node != NONE && compare(node, head(rowKey, keyLength), rowKey, keyLength) == 0
                ? node
                : NONE;
    }

    /** The node behind; {@link #NONE} at the end. */
    public long following(long node) {
        return next(node, 0);
    }

    /** The node before; {@link #NONE} at the start. */
    public long preceding(long node) {
        long before = memory.getLong(node, BEFORE);
        return before == root ? NONE : before;
    }

    /** The first node. */
    public long firstNode() {
        return next(root, 0);
    }

    public int keyLength(long node) {
        return memory.getInt(node, SHAPE) >>> 8;
    }

    /** Copies a node's row key to the start of {@code target}. */
    public void copyKey(long node, byte[] target) {
        memory.copyOut(node, keyOffset(node), target, 0, keyLength(node));
    }

    /** The newest version of a node, or {@link #NONE}. */
    public long newest(long node) {
        return memory.getLong(node, NEWEST);
    }

    /** The newest version of a node whose age is at most {@code bound}, or {@link #NONE}. */
    public long visible(long node, long bound) {
        long version = memory.getLong(node, NEWEST);
        while (version != NONE && RowVersion.age(stamp(version)) > bound) {
            version = memory.getLong(version, OLDER);
        }
        return version;
    }

    /** The version before, or {@link #NONE}. */
    public long older(long version) {
        return memory.getLong(version, OLDER);
    }

    public long stamp(long version) {
        return memory.getLong(version, STAMP);
    }

    public int kind(long version) {
        return memory.getInt(version, VALUE) & 3;
    }

    public int valueLength(long version) {
        return memory.getInt(version, VALUE) >>> 2;
    }

    /** Copies a version's value to the start of {@code target}. */
    public void copyValue(long version, byte[] target) {
        memory.copyOut(version, VERSION_BYTES, target, 0, valueLength(version));
    }

    /** The memory that a version's value lies in, at {@link #valuePosition}. */
    public MemorySegment valueMemory(long version) {
        return memory.segmentOf(version);
    }

    public long valuePosition(long version) {
        return SlabMemory.positionOf(version) + VERSION_BYTES;
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Closes it, but for its memory, which is empty and the caller's. */
    public SlabAllocator takeMemory() {
        memory.freeAll();
        return memory;
    }

    private long findOrInsert(byte[] rowKey, int keyLength) {
        long head = head(rowKey, keyLength);
        long at = before(rowKey, keyLength, true);
        long found = next(at, 0);
        if (found != NONE && compare(found, head, rowKey, keyLength) == 0) {
            return found;
        }
        int levels = randomHeight();
        for (; height < levels; height++) {
            path[height] = root;
        }
        long node = memory.allocateBeyondLimit(NEXT + 8 * levels + keyLength);
        memory.putLong(node, NEWEST, NONE);
        memory.putLong(node, HEAD, head);
        memory.putInt(node, KEYSPACE, keyspace(rowKey));
        memory.putInt(node, SHAPE, keyLength << 8 | levels);
        memory.putLong(node, BEFORE, at);
        for (int level = 0; level < levels; level++) {
            memory.putLong(node, NEXT + 8 * level, next(path[level], level));
            memory.putLong(path[level], NEXT + 8 * level, node);
        }
        if (found != NONE) {
            memory.putLong(found, BEFORE, node);
        }
        memory.copyIn(rowKey, 0, keyLength, node, NEXT + 8 * levels);
        return node;
    }

    /** The last node before a key, or the root; with {@code path}, the last on each level too. */
    private long before(byte[] rowKey, int keyLength, boolean keepPath) {
        long head = head(rowKey, keyLength);
        long node = root;
        for (int level = height - 1; level >= 0; level--) {
            long next = next(node, level);
            while (next != NONE && compare(next, head, rowKey, keyLength) < 0) {
                node = next;
                next = next(node, level);
            }
            if (keepPath) {
                path[level] = node;
            }
        }
        return node;
    }

    private int compare(long node, long head, byte[] rowKey, int keyLength) {
        int order = Integer.compareUnsigned(memory.getInt(node, KEYSPACE), keyspace(rowKey));
        if (order == 0) {
            order = Long.compareUnsigned(memory.getLong(node, HEAD), head);
        }
        return order != 0 ? order : compareRest(node, rowKey, keyLength);
    }

    private int compareRest(long node, byte[] rowKey, int keyLength) {
        int length = keyLength(node);
        int from = Math.min(12, Math.min(length, keyLength));
        MemorySegment segment = memory.segmentOf(node);
        long key = SlabMemory.positionOf(node) + keyOffset(node);
        int common = Math.min(length, keyLength);
        int at = from;
        for (; at + 8 <= common; at += 8) {
            long mine = segment.get(BIG_LONG, key + at);
            long theirs = (long) BYTES.get(rowKey, at);
            if (mine != theirs) {
                return Long.compareUnsigned(mine, theirs);
            }
        }
        for (; at < common; at++) {
            int order =
                    Byte.compareUnsigned(segment.get(ValueLayout.JAVA_BYTE, key + at), rowKey[at]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(length, keyLength);
    }

    private static int keyspace(byte[] rowKey) {
        return (int) INTS.get(rowKey, 0);
    }

    /** The 8 bytes behind the keyspace, with zeros behind a shorter key. */
    private static long head(byte[] rowKey, int keyLength) {
        if (keyLength >= 12) {
            return (long) BYTES.get(rowKey, 4);
        }
        long head = 0;
        for (int i = 4; i < 12; i++) {
            head = head << 8 | (i < keyLength ? rowKey[i] & 0xFF : 0);
        }
        return head;
    }

    private long next(long node, int level) {
        return memory.getLong(node, NEXT + 8 * level);
    }

    private int keyOffset(long node) {
        return NEXT + 8 * (memory.getInt(node, SHAPE) & 0xFF);
    }

    /** One in four nodes is a level higher. */
    private int randomHeight() {
        randomState ^= randomState << 13;
        randomState ^= randomState >>> 7;
        randomState ^= randomState << 17;
        int zeros = Long.numberOfTrailingZeros(randomState | 1L << 40) >>> 1;
        return Math.min(MAX_HEIGHT, 1 + zeros);
    }
}
