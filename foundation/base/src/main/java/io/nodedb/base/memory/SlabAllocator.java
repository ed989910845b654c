package io.nodedb.base.memory;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap blocks of many sizes for one core, cut from chunks of 1 MiB that are reserved with the
 * {@link MemoryGovernor} on a tenant's {@link MemoryAccount}. A block larger than 256 KiB has a
 * chunk of its own.
 *
 * <p>An address is an opaque handle: chunk number shifted left by 20, plus the offset of the
 * block's start in the chunk; 0 is no block. Accessors take the address of a block and an offset
 * within it and are bounds-checked by the chunk. In blocks of up to 256 KiB, address plus offset is
 * an address too. Blocks are aligned to 8 bytes and hold rubbish when allocated.
 *
 * <p>What is counted is what is resident: a chunk is written when it is created, and an empty one
 * (one spare excepted) goes to the {@link MemoryReclaimer} and counts until that has closed it.
 *
 * <p>Owned by one core; allocates nothing on the heap but the records of new chunks. Sources:
 * Bonwick, "The Slab Allocator", 1994; Evans, "A Scalable Concurrent malloc Implementation", 2006
 * (runs of pages, spacing of size classes).
 */
@CoreOwned
public final class SlabAllocator extends SlabMemory implements AutoCloseable {
    /** Largest block: the largest value of 64 MiB with its key and header. */
    public static final int LARGEST_BLOCK = 65 * 1024 * 1024;

    /** Largest block that shares its chunk; a larger one has a chunk of its own. */
    public static final int LARGEST_SHARED_BLOCK = SizeClasses.LARGEST_SHARED;

    /** No block; refused. */
    public static final long NONE = 0;

    private static final int PAGE_BITS = 6;
    private static final int PAGE_MASK = SlabChunk.PAGES - 1;

    /** Chunks looked at for a free run of pages before a new chunk is taken. */
    private static final int CHUNKS_TRIED = 8;

    /** One part in so many of the free room is not counted on when chunks are emptied. */
    private static final int ROOM_KEPT = 8;

    private static final long CHUNK_BYTES = SlabChunk.accountedBytes(SlabChunk.SHARED_BYTES);

    private static final int POISONED_BYTES = 64;

    /** Pages that are surely used in a chunk before a span no longer fits. */
    private static final int SURELY_USED_PAGES = SlabChunk.PAGES - SizeClasses.MAX_SPAN_PAGES + 1;

    private final MemoryAccount account;
    private final MemoryTag tag;

    /** Indexed by chunk number; number 0 is never used, so that no address is 0. */
    private @Nullable SlabChunk[] chunks = new @Nullable SlabChunk[16];

    private int[] freeIndexes = new int[16];
    private int freeIndexCount;
    private int nextIndex = 1;

    private final int[] openSpans = new int[SizeClasses.COUNT];
    private int firstOpenChunk = SlabChunk.NONE;
    private int lastOpenChunk = SlabChunk.NONE;
    private int emptyChunks;

    private long allocatedBytes;
    private long chunkBytes;
    private long pledgedBytes;
    private boolean closed;

    /** Of the database itself. */
    public SlabAllocator(MemoryGovernor governor, MemoryTag tag) {
        this(governor.account(Tenants.SYSTEM), tag);
    }

    /** Of the tenant whose account this is. */
    public SlabAllocator(MemoryAccount account, MemoryTag tag) {
        this.account = account;
        this.tag = tag;
        Arrays.fill(openSpans, SlabChunk.NONE);
    }

    /**
     * What a block of {@code bytes} really occupies: the sum to hand to {@link #ensureAvailable}.
     */
    public static int blockBytes(int bytes) {
        return bytes > SizeClasses.LARGEST_SHARED
                ? (bytes + 7) & -8
                : SizeClasses.blockBytes(SizeClasses.classOf(bytes));
    }

    /**
     * A block of at least {@code bytes}, or {@link #NONE} when the governor refuses; nothing has
     * changed then.
     */
    public long allocate(int bytes) {
        Check.that(bytes > 0 && bytes <= LARGEST_BLOCK, "block size is allowed", bytes);
        Check.that(!closed, "allocator is open");
        if (bytes > SizeClasses.LARGEST_SHARED) {
            return allocateLarge(bytes);
        }
        int sizeClass = SizeClasses.classOf(bytes);
        int span = openSpans[sizeClass];
        if (span == SlabChunk.NONE) {
            span = openSpan(sizeClass);
            if (span == SlabChunk.NONE) {
                return NONE;
            }
        }
        SlabChunk chunk = chunk(span >>> PAGE_BITS);
        int page = span & PAGE_MASK;
        int offset = chunk.takeBlock(page);
        if (chunk.isFull(page)) {
            unlinkSpan(chunk, page, sizeClass);
        }
        allocatedBytes += SizeClasses.blockBytes(sizeClass);
        return (long) chunk.index << OFFSET_BITS | offset;
    }

    /**
     * As {@link #allocate}, but passes the memory limit rather than refuse: for what is decided
     * already. Callers ask {@link #ensureAvailable} before they decide.
     */
    public long allocateBeyondLimit(int bytes) {
        long block = allocate(bytes);
        if (block != NONE) {
            return block;
        }
        long wanted =
                bytes > SizeClasses.LARGEST_SHARED
                        ? SlabChunk.accountedBytes((bytes + 7) & -8)
                        : CHUNK_BYTES;
        long missing = wanted - pledgedBytes;
        account.reserveBeyondLimit(tag, missing);
        pledgedBytes += missing;
        return allocate(bytes);
    }

    /** Takes back a block that was allocated with the same {@code bytes}. */
    public void free(long address, int bytes) {
        SlabChunk chunk = chunk(chunkOf(address));
        int offset = (int) address & OFFSET_MASK;
        if (chunk.isLarge()) {
            Check.that(chunk.largeBytes == bytes, "freed size", chunk.largeBytes, bytes);
            Check.that(offset == 0, "address is a block", offset);
            allocatedBytes -= blockBytes(bytes);
            retire(chunk);
            return;
        }
        int page = chunk.spanAt(offset);
        Check.that(page != SlabChunk.NONE, "address is in a span", address);
        int sizeClass = chunk.sizeClass(page);
        int blockBytes = SizeClasses.blockBytes(sizeClass);
        Check.that(sizeClass == SizeClasses.classOf(bytes), "freed size", blockBytes, bytes);
        Check.that(
                (offset - page * SizeClasses.PAGE_BYTES) % blockBytes == 0,
                "address is a block",
                address);
        Check.that(chunk.used(page) > 0, "span has blocks in use", address);
        boolean wasFull = chunk.isFull(page);
        assert poison(address, blockBytes);
        chunk.giveBlockBack(page, offset);
        allocatedBytes -= blockBytes;
        if (chunk.draining) {
            freedWhileDraining(chunk, page);
        } else if (chunk.used(page) == 0) {
            if (!wasFull) {
                unlinkSpan(chunk, page, sizeClass);
            }
            closeSpan(chunk, page);
        } else if (wasFull) {
            linkSpan(chunk, page, sizeClass);
        }
    }

    /**
     * Makes sure that the next {@link #allocate} of {@code bytes} succeeds. False when the governor
     * refuses; nothing has changed then.
     */
    public boolean ensureBlock(int bytes) {
        if (bytes > SizeClasses.LARGEST_SHARED) {
            return pledge(SlabChunk.accountedBytes((bytes + 7) & -8));
        }
        int sizeClass = SizeClasses.classOf(bytes);
        return openSpans[sizeClass] != SlabChunk.NONE
                || openSpanInPresentChunks(sizeClass) != SlabChunk.NONE
                || pledge(CHUNK_BYTES);
    }

    /**
     * Makes sure that following allocations succeed, whatever their sizes and number, as long as
     * the sum of their {@link #blockBytes} is at most {@code bytes} and only {@link #free} comes
     * between. False when the governor refuses; nothing has changed then. What is reserved and not
     * used stays for the next call.
     */
    public boolean ensureAvailable(long bytes) {
        return pledge(worstCaseBytes(bytes));
    }

    /** Gives back what is reserved but not in use: the spare chunk and what was ensured. */
    public void trim() {
        account.release(tag, pledgedBytes);
        pledgedBytes = 0;
        for (int index = firstOpenChunk; index != SlabChunk.NONE; ) {
            SlabChunk chunk = chunk(index);
            index = chunk.nextChunk;
            if (chunk.isEmpty()) {
                unlinkChunk(chunk);
                emptyChunks--;
                retire(chunk);
            }
        }
    }

    /**
     * Share of the shared chunks' bytes that no block occupies: what scattered frees have left
     * behind. The spare chunk counts as well.
     */
    public double deadShare() {
        long capacity = 0;
        long used = 0;
        for (int index = 1; index < nextIndex; index++) {
            SlabChunk chunk = chunks[index];
            if (chunk != null && !chunk.isLarge()) {
                capacity += SlabChunk.SHARED_BYTES;
                used += chunk.usedBytes;
            }
        }
        return capacity == 0 ? 0 : 1 - (double) used / capacity;
    }

    /**
     * Chooses the sparsest chunks whose blocks fit into the others: nothing is allocated in them
     * any more, so that they are given back once the caller has moved every block that {@link
     * #isDraining} tells of. To be ended by {@link #endDraining}.
     *
     * @param deadShare a chunk is chosen when more than this share of it is free
     * @param newBytes so much memory may be taken anew for the blocks
     * @return how many chunks were chosen
     */
    public int startDraining(double deadShare, long newBytes) {
        SlabChunk[] sparse = new SlabChunk[nextIndex];
        int count = 0;
        long free = 0;
        for (int index = 1; index < nextIndex; index++) {
            SlabChunk chunk = chunks[index];
            if (chunk == null || chunk.isLarge()) {
                continue;
            }
            int dead = SlabChunk.SHARED_BYTES - chunk.usedBytes;
            free += dead;
            if (!chunk.isEmpty() && !chunk.draining && dead > deadShare * SlabChunk.SHARED_BYTES) {
                sparse[count++] = chunk;
            }
        }
        Arrays.sort(sparse, 0, count, Comparator.comparingInt(chunk -> chunk.usedBytes));
        int chosen = 0;
        long moving = 0;
        for (int i = 0; i < count; i++) {
            SlabChunk chunk = sparse[i];
            free -= SlabChunk.SHARED_BYTES - chunk.usedBytes;
            moving += chunk.usedBytes;
            // Free blocks are of certain sizes, so not all of the room serves.
            if (moving - newBytes > free - free / ROOM_KEPT) {
                break;
            }
            startDraining(chunk);
            chosen++;
        }
        return chosen;
    }

    private void startDraining(SlabChunk chunk) {
        chunk.draining = true;
        if (chunk.freePages != 0) {
            unlinkChunk(chunk);
        }
        for (int page = 0; page < SlabChunk.PAGES; ) {
            if (chunk.isFree(page)) {
                page++;
                continue;
            }
            if (!chunk.isFull(page)) {
                unlinkSpan(chunk, page, chunk.sizeClass(page));
            }
            page = chunk.pageAfterSpan(page);
        }
    }

    /** Is the block to be moved: allocated anew, copied and freed? */
    public boolean isDraining(long address) {
        return chunk(chunkOf(address)).draining;
    }

    /** Chunks that still hold blocks serve again as before. */
    public void endDraining() {
        for (int index = 1; index < nextIndex; index++) {
            SlabChunk chunk = chunks[index];
            if (chunk == null || !chunk.draining) {
                continue;
            }
            chunk.draining = false;
            if (chunk.freePages != 0) {
                linkChunkLast(chunk);
            }
            for (int page = 0; page < SlabChunk.PAGES; ) {
                if (chunk.isFree(page)) {
                    page++;
                    continue;
                }
                if (!chunk.isFull(page)) {
                    linkSpan(chunk, page, chunk.sizeClass(page));
                }
                page = chunk.pageAfterSpan(page);
            }
        }
    }

    private void freedWhileDraining(SlabChunk chunk, int page) {
        if (chunk.used(page) == 0) {
            chunk.closeSpan(page);
            if (chunk.isEmpty()) {
                chunk.draining = false;
                retire(chunk);
            }
        }
    }

    /**
     * Takes back every block at once. Chunks that blocks share stay for what is allocated next,
     * which then costs no fresh memory; {@link #trim} gives them back.
     */
    public void freeAll() {
        Check.that(!closed, "allocator is open");
        Arrays.fill(openSpans, SlabChunk.NONE);
        firstOpenChunk = SlabChunk.NONE;
        lastOpenChunk = SlabChunk.NONE;
        emptyChunks = 0;
        for (int index = 1; index < nextIndex; index++) {
            SlabChunk chunk = chunks[index];
            if (chunk == null) {
                continue;
            }
            if (chunk.isLarge()) {
                retire(chunk);
            } else {
                chunk.clear();
                linkChunkLast(chunk);
                emptyChunks++;
            }
        }
        allocatedBytes = 0;
    }

    /** Bytes in blocks that are handed out. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes reserved for chunks that exist. */
    public long chunkBytes() {
        return chunkBytes;
    }

    /** Bytes reserved ahead by {@link #ensureAvailable} and not yet in chunks. */
    public long pledgedBytes() {
        return pledgedBytes;
    }

    /** Gives all chunks to the reclaimer. Every address is invalid afterwards. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        account.release(tag, pledgedBytes);
        pledgedBytes = 0;
        for (int index = 1; index < nextIndex; index++) {
            SlabChunk chunk = chunks[index];
            if (chunk != null) {
                retire(chunk);
            }
        }
        allocatedBytes = 0;
    }

    /** With assertions on, whoever reads a freed block meets rubbish at once. */
    private boolean poison(long address, int blockBytes) {
        for (int i = 0; i < Math.min(blockBytes, POISONED_BYTES); i++) {
            putByte(address, i, (byte) 0xA5);
        }
        return true;
    }

    private SlabChunk chunk(int index) {
        SlabChunk chunk = index < chunks.length ? chunks[index] : null;
        if (chunk == null) {
            throw new BugException("number of a freed chunk: " + index);
        }
        return chunk;
    }

    private long allocateLarge(int bytes) {
        long accounted = SlabChunk.accountedBytes((bytes + 7) & -8);
        if (!takeReserved(accounted)) {
            return NONE;
        }
        SlabChunk chunk = createChunk(accounted, bytes);
        allocatedBytes += blockBytes(bytes);
        return (long) chunk.index << OFFSET_BITS;
    }

    private int openSpan(int sizeClass) {
        int present = openSpanInPresentChunks(sizeClass);
        if (present != SlabChunk.NONE) {
            return present;
        }
        if (!takeReserved(CHUNK_BYTES)) {
            return SlabChunk.NONE;
        }
        SlabChunk fresh = createChunk(CHUNK_BYTES, 0);
        emptyChunks++;
        linkChunkFirst(fresh);
        return openSpan(fresh, 0, sizeClass);
    }

    private int openSpanInPresentChunks(int sizeClass) {
        int pages = SizeClasses.spanPages(sizeClass);
        int tried = 0;
        for (int index = firstOpenChunk; index != SlabChunk.NONE && tried < CHUNKS_TRIED; tried++) {
            SlabChunk chunk = chunk(index);
            int page = chunk.findRun(pages);
            if (page != SlabChunk.NONE) {
                return openSpan(chunk, page, sizeClass);
            }
            index = chunk.nextChunk;
        }
        return SlabChunk.NONE;
    }

    private int openSpan(SlabChunk chunk, int page, int sizeClass) {
        if (chunk.isEmpty()) {
            emptyChunks--;
        }
        chunk.openSpan(page, sizeClass);
        if (chunk.freePages == 0) {
            unlinkChunk(chunk);
        }
        linkSpan(chunk, page, sizeClass);
        return chunk.index << PAGE_BITS | page;
    }

    private void closeSpan(SlabChunk chunk, int page) {
        if (chunk.freePages == 0) {
            linkChunkLast(chunk);
        }
        chunk.closeSpan(page);
        if (chunk.isEmpty()) {
            if (emptyChunks > 0) {
                unlinkChunk(chunk);
                retire(chunk);
            } else {
                emptyChunks++;
            }
        }
    }

    private SlabChunk createChunk(long accounted, int largeBytes) {
        int index = freeIndexCount > 0 ? freeIndexes[freeIndexCount - 1] : nextIndex;
        if (index == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * index);
        }
        SlabChunk chunk;
        boolean created = false;
        try {
            chunk = largeBytes > 0 ? SlabChunk.large(index, largeBytes) : SlabChunk.shared(index);
            created = true;
        } finally {
            if (!created) {
                account.release(tag, accounted);
            }
        }
        if (freeIndexCount > 0) {
            freeIndexCount--;
        } else {
            nextIndex++;
        }
        chunks[index] = chunk;
        attach(index, chunk.segment);
        chunkBytes += accounted;
        return chunk;
    }

    private void retire(SlabChunk chunk) {
        int index = chunk.index;
        chunks[index] = null;
        detach(index);
        if (freeIndexCount == freeIndexes.length) {
            freeIndexes = Arrays.copyOf(freeIndexes, 2 * freeIndexCount);
        }
        freeIndexes[freeIndexCount++] = index;
        long accounted = SlabChunk.accountedBytes((int) chunk.segment.byteSize());
        chunkBytes -= accounted;
        account.reclaimer().retire(chunk.arena, account, tag, accounted);
    }

    /** Draws from what was pledged, then from the governor. */
    private boolean takeReserved(long bytes) {
        long fromPledge = Math.min(bytes, pledgedBytes);
        if (fromPledge < bytes && !account.tryReserve(tag, bytes - fromPledge)) {
            return false;
        }
        pledgedBytes -= fromPledge;
        return true;
    }

    private boolean pledge(long bytes) {
        if (bytes > pledgedBytes) {
            if (!account.tryReserve(tag, bytes - pledgedBytes)) {
                return false;
            }
            pledgedBytes = bytes;
        } else if (pledgedBytes - bytes > 2 * CHUNK_BYTES) {
            // An earlier, larger promise was not used up.
            account.release(tag, pledgedBytes - bytes);
            pledgedBytes = bytes;
        }
        return true;
    }

    /**
     * Most bytes of new chunks for blocks that occupy {@code bytes} in all. Spans: per class at
     * most one that stays nearly empty, the rest full; chunks: all but the last have at least
     * {@link #SURELY_USED_PAGES} pages in use. Large blocks need less than that per byte.
     */
    private static long worstCaseBytes(long bytes) {
        int largest = (int) Math.max(1, Math.min(bytes, SizeClasses.LARGEST_SHARED));
        long nearlyEmpty = SizeClasses.pagesOfOneSpanEach(SizeClasses.classOf(largest));
        long full = 1 + SizeClasses.worstSpanBytes(bytes) / SizeClasses.PAGE_BYTES;
        long chunks = 1 + (nearlyEmpty + full) / SURELY_USED_PAGES;
        // Rounding to whole chunks could swallow a large block.
        long rounding = bytes > SizeClasses.LARGEST_SHARED ? 1 : 0;
        return (chunks + rounding) * CHUNK_BYTES;
    }

    private void linkSpan(SlabChunk chunk, int page, int sizeClass) {
        int span = chunk.index << PAGE_BITS | page;
        int next = openSpans[sizeClass];
        chunk.nextSpan[page] = next;
        chunk.previousSpan[page] = SlabChunk.NONE;
        if (next != SlabChunk.NONE) {
            chunk(next >>> PAGE_BITS).previousSpan[next & PAGE_MASK] = span;
        }
        openSpans[sizeClass] = span;
    }

    private void unlinkSpan(SlabChunk chunk, int page, int sizeClass) {
        int next = chunk.nextSpan[page];
        int previous = chunk.previousSpan[page];
        if (next != SlabChunk.NONE) {
            chunk(next >>> PAGE_BITS).previousSpan[next & PAGE_MASK] = previous;
        }
        if (previous != SlabChunk.NONE) {
            chunk(previous >>> PAGE_BITS).nextSpan[previous & PAGE_MASK] = next;
        } else {
            openSpans[sizeClass] = next;
        }
    }

    /** New chunks are tried first, so that blocks gather where room is. */
    private void linkChunkFirst(SlabChunk chunk) {
        chunk.previousChunk = SlabChunk.NONE;
        chunk.nextChunk = firstOpenChunk;
        if (firstOpenChunk != SlabChunk.NONE) {
            chunk(firstOpenChunk).previousChunk = chunk.index;
        } else {
            lastOpenChunk = chunk.index;
        }
        firstOpenChunk = chunk.index;
    }

    private void linkChunkLast(SlabChunk chunk) {
        chunk.nextChunk = SlabChunk.NONE;
        chunk.previousChunk = lastOpenChunk;
        if (lastOpenChunk != SlabChunk.NONE) {
            chunk(lastOpenChunk).nextChunk = chunk.index;
        } else {
            firstOpenChunk = chunk.index;
        }
        lastOpenChunk = chunk.index;
    }

    private void unlinkChunk(SlabChunk chunk) {
        if (chunk.nextChunk != SlabChunk.NONE) {
            chunk(chunk.nextChunk).previousChunk = chunk.previousChunk;
        } else {
            lastOpenChunk = chunk.previousChunk;
        }
        if (chunk.previousChunk != SlabChunk.NONE) {
            chunk(chunk.previousChunk).nextChunk = chunk.nextChunk;
        } else {
            firstOpenChunk = chunk.nextChunk;
        }
    }
}
