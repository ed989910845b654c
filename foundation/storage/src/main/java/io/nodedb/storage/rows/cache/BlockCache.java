package io.nodedb.storage.rows.cache;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.memory.SlabMemory;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed blocks of one core's row files, off-heap, within a capacity and the memory limit.
 *
 * <p>A <em>frame</em> holds one block. {@link #frame} finds it, or makes a frame for it and adds a
 * load to the requests; an I/O thread fills the frame; the next look finds it filled. Frames that
 * requests hold stay; of the others the CLOCK algorithm evicts, and gives index and filter blocks
 * more rounds than rows, since each of them serves a hundred blocks of rows.
 *
 * <p>The memory of a hit is valid until the next call that may evict, which is a call of {@code
 * frame} that misses. A {@link #ticket} tells later whether a frame still holds the same block.
 *
 * <p>Owned by one core; shared by all row stores of it. Source: Corbató, "A Paging Experiment with
 * the Multics System", 1969.
 */
@CoreOwned
public final class BlockCache implements AutoCloseable {
    /** Not in the cache (any more, or yet). */
    public static final int MISS = -1;

    /** How long a reader is asked to wait when all frames are held. */
    private static final long RETRY_AFTER_MILLIS = 20;

    /** Of the cache, what one read may have fetched ahead. */
    private static final int PREFETCH_SHARE = 8;

    private static final byte DATA_ROUNDS = 2;
    private static final byte INDEX_ROUNDS = 4;

    private final MemoryGovernor governor;
    private final SlabAllocator memory;
    private long capacityBytes;

    private final FrameTable table = new FrameTable();
    private long[] addresses = new long[64];
    private int[] sizes = new int[64];
    private int[] pins = new int[64];
    private byte[] rounds = new byte[64];
    private byte[] mostRounds = new byte[64];
    private long[] fileIds = new long[64];
    private long[] offsets = new long[64];
    private long[] tickets = new long[64];
    private @Nullable BlockLoad[] loads = new @Nullable BlockLoad[64];
    private int[] free = new int[64];
    private int freeCount;
    private int frameCount;
    private int hand;

    private long lastFileId;
    private long lastTicket;
    private long hits;
    private long misses;
    private long evictions;

    /**
     * @param capacityBytes most memory that blocks may take
     */
    public BlockCache(MemoryGovernor governor, long capacityBytes) {
        this.governor = governor;
        this.capacityBytes = capacityBytes;
        this.memory = new SlabAllocator(governor, MemoryTag.BLOCK_CACHE);
    }

    /** A file's identity, which no other file of this cache ever had; given at its first use. */
    private long idOf(BlockFile file) {
        if (file.cacheId() == BlockFile.UNKNOWN) {
            file.setCacheId(++lastFileId);
        }
        return file.cacheId();
    }

    /** Forgets the blocks of a file that counts no more, but for those that are being read. */
    public void forget(BlockFile file) {
        if (file.cacheId() == BlockFile.UNKNOWN) {
            return;
        }
        for (int frame = 0; frame < frameCount; frame++) {
            if (fileIds[frame] == file.cacheId() && pins[frame] == 0 && !isLoading(frame)) {
                drop(frame);
            }
        }
    }

    /**
     * The frame that holds a block, or {@link #MISS}; the requests then have it loaded. Throws what
     * reading it failed with, and {@code RESOURCES_EXHAUSTED} when every frame is held.
     */
    public int frame(
            BlockFile file,
            BlockKind kind,
            long offset,
            int storedBytes,
            int rawBytes,
            BlockRequests requests) {
        int frame = table.find(idOf(file), offset);
        if (frame == FrameTable.NONE) {
            misses++;
            load(file, kind, new BlockPlace(offset, storedBytes, rawBytes), requests);
            return MISS;
        }
        if (loads[frame] != null && !settle(frame)) {
            hold(frame, requests);
            misses++;
            return MISS;
        }
        hits++;
        if (rounds[frame] < mostRounds[frame]) {
            rounds[frame]++;
        }
        return frame;
    }

    /** As {@link #frame(BlockFile, BlockKind, long, int, int, BlockRequests)}. */
    public int frame(BlockFile file, BlockKind kind, BlockPlace place, BlockRequests requests) {
        return frame(file, kind, place.offset(), place.storedBytes(), place.rawBytes(), requests);
    }

    public MemorySegment memory(int frame) {
        return memory.segmentOf(addresses[frame]);
    }

    public long position(int frame) {
        return SlabMemory.positionOf(addresses[frame]);
    }

    public int size(int frame) {
        return sizes[frame];
    }

    /** What {@link #stillHolds} compares. */
    public long ticket(int frame) {
        return tickets[frame];
    }

    /** True when the frame holds the block that it held when it gave this ticket. */
    public boolean stillHolds(int frame, long ticket) {
        return tickets[frame] == ticket;
    }

    /** Bytes that blocks take now. */
    public long usedBytes() {
        return memory.allocatedBytes();
    }

    public long capacityBytes() {
        return capacityBytes;
    }

    /** A new capacity; what is too much is evicted. */
    public void setCapacity(long bytes) {
        capacityBytes = bytes;
        while (memory.allocatedBytes() > capacityBytes && evictOne()) {
            // One frame after another.
        }
        memory.trim();
    }

    public long hits() {
        return hits;
    }

    public long misses() {
        return misses;
    }

    public long evictions() {
        return evictions;
    }

    /** Frees everything. No load may be running, since it writes to memory that goes. */
    @Override
    public void close() {
        for (int frame = 0; frame < frameCount; frame++) {
            BlockLoad load = loads[frame];
            Check.that(load == null || load.ended() || load.cancel(), "no load is running", frame);
        }
        memory.close();
    }

    /**
     * Has a block loaded that will be wanted soon, when that takes no more than an eighth of the
     * cache for these requests and displaces nothing that is held.
     */
    public void prefetch(
            BlockFile file,
            BlockKind kind,
            long offset,
            int storedBytes,
            int rawBytes,
            BlockRequests requests) {
        if (table.find(idOf(file), offset) == FrameTable.NONE
                && (requests.size() + 1L) * rawBytes <= capacityBytes / PREFETCH_SHARE) {
            long address = allocate(rawBytes);
            if (address != SlabAllocator.NONE) {
                BlockPlace place = new BlockPlace(offset, storedBytes, rawBytes);
                load(file, kind, place, address, requests);
            }
        }
    }

    /** True when a block is in the cache or on its way. */
    public boolean isExpected(BlockFile file, long offset) {
        return table.find(idOf(file), offset) != FrameTable.NONE;
    }

    private void load(BlockFile file, BlockKind kind, BlockPlace place, BlockRequests requests) {
        long address = allocate(place.rawBytes());
        if (address == SlabAllocator.NONE) {
            throw exhausted(place.rawBytes());
        }
        load(file, kind, place, address, requests);
    }

    private void load(
            BlockFile file,
            BlockKind kind,
            BlockPlace place,
            long address,
            BlockRequests requests) {
        int bytes = place.rawBytes();
        int frame = takeFrame();
        addresses[frame] = address;
        sizes[frame] = bytes;
        pins[frame] = 0;
        rounds[frame] = 1;
        mostRounds[frame] = kind == BlockKind.DATA ? DATA_ROUNDS : INDEX_ROUNDS;
        fileIds[frame] = idOf(file);
        offsets[frame] = place.offset();
        tickets[frame] = ++lastTicket;
        loads[frame] =
                new BlockLoad(
                        file,
                        kind,
                        place,
                        memory.segmentOf(address),
                        SlabMemory.positionOf(address));
        file.loadBegun();
        table.add(fileIds[frame], offsets[frame], frame);
        hold(frame, requests);
    }

    private void hold(int frame, BlockRequests requests) {
        if (!requests.holds(frame)) {
            pins[frame]++;
            requests.add(this, frame, loads[frame]);
        }
    }

    void unpin(int frame) {
        Check.that(pins[frame] > 0, "a frame is released once", frame);
        pins[frame]--;
        BlockLoad load = loads[frame];
        if (pins[frame] == 0 && load != null && (load.cancel() || load.failure() != null)) {
            // After a failure the next read tries again.
            drop(frame);
        }
    }

    /** True when a frame's load has ended well; its failure is thrown. */
    private boolean settle(int frame) {
        BlockLoad load = loads[frame];
        if (load == null) {
            return true;
        }
        if (!load.ended()) {
            return false;
        }
        NodeDbException failure = load.failure();
        if (failure != null) {
            if (pins[frame] == 0) {
                drop(frame);
            }
            throw failure;
        }
        load.file().loadEnded();
        loads[frame] = null;
        return true;
    }

    /** Room for a block, or NONE when every frame is held. */
    private long allocate(int bytes) {
        int needed = SlabAllocator.blockBytes(bytes);
        boolean mayGrow = governor.pressure().compareTo(PressureLevel.WARNING) < 0;
        long most = mayGrow ? capacityBytes : Math.min(capacityBytes, memory.allocatedBytes());
        while (memory.allocatedBytes() + needed > most && evictOne()) {
            // One frame after another.
        }
        if (memory.allocatedBytes() + needed > capacityBytes) {
            return SlabAllocator.NONE;
        }
        long address = memory.allocate(bytes);
        while (address == SlabAllocator.NONE && evictOne()) {
            address = memory.allocate(bytes);
        }
        return address;
    }

    private NodeDbException exhausted(int bytes) {
        return new NodeDbException(
                ErrorCode.RESOURCES_EXHAUSTED,
                "The block cache is full of blocks in use: wanted="
                        + bytes
                        + " used="
                        + memory.allocatedBytes()
                        + " capacity="
                        + capacityBytes,
                RETRY_AFTER_MILLIS,
                null);
    }

    /** Evicts the next frame that nobody holds; false when looking long enough found none. */
    private boolean evictOne() {
        for (int looked = 0; looked < frameCount * (INDEX_ROUNDS + 1); looked++) {
            hand = hand + 1 < frameCount ? hand + 1 : 0;
            if (addresses[hand] == SlabAllocator.NONE || pins[hand] > 0 || isLoading(hand)) {
                continue;
            }
            if (rounds[hand] > 0) {
                rounds[hand]--;
                continue;
            }
            drop(hand);
            evictions++;
            return true;
        }
        return false;
    }

    private boolean isLoading(int frame) {
        BlockLoad load = loads[frame];
        return load != null && !load.ended();
    }

    /** Frees a frame whose memory is the core's. */
    private void drop(int frame) {
        BlockLoad load = loads[frame];
        if (load != null) {
            load.file().loadEnded();
            loads[frame] = null;
        }
        table.remove(fileIds[frame], offsets[frame]);
        memory.free(addresses[frame], sizes[frame]);
        addresses[frame] = SlabAllocator.NONE;
        fileIds[frame] = 0;
        tickets[frame] = 0;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = frame;
    }

    private int takeFrame() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (frameCount == addresses.length) {
            int length = 2 * frameCount;
            addresses = Arrays.copyOf(addresses, length);
            sizes = Arrays.copyOf(sizes, length);
            pins = Arrays.copyOf(pins, length);
            rounds = Arrays.copyOf(rounds, length);
            mostRounds = Arrays.copyOf(mostRounds, length);
            fileIds = Arrays.copyOf(fileIds, length);
            offsets = Arrays.copyOf(offsets, length);
            tickets = Arrays.copyOf(tickets, length);
            loads = Arrays.copyOf(loads, length);
        }
        return frameCount++;
    }
}
