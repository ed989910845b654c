package io.nodedb.base.memory;

import io.nodedb.base.ownership.CoreOwned;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * One piece of off-heap memory of a {@link SlabAllocator}: either 64 pages that hold spans, or one
 * large block. A span's bookkeeping stands under the number of its first page.
 */
@CoreOwned
final class SlabChunk {
    static final int PAGES = 64;
    static final int SHARED_BYTES = PAGES * SizeClasses.PAGE_BYTES;
    static final int NONE = -1;

    private static final int ALIGNMENT = 64;
    private static final int MALLOC_HEADER = 16;
    private static final int OS_PAGE = 4096;

    final int index;
    final Arena arena;
    final MemorySegment segment;
    final int largeBytes;

    /** Neighbours in the allocator's list of chunks with free pages. */
    int nextChunk = NONE;

    int previousChunk = NONE;

    /** Its blocks are being moved elsewhere: nothing is allocated in it, it stands in no list. */
    boolean draining;

    /** Bytes of blocks that are handed out. */
    int usedBytes;

    /** One bit per page, set when free. */
    long freePages = -1L;

    /** Neighbours in the class's list of spans with free blocks: chunk number * 64 + page. */
    final int[] nextSpan;

    final int[] previousSpan;

    private final byte[] firstPage;
    private final byte[] sizeClass;
    private final int[] freeBlock;
    private final int[] untouched;
    private final int[] used;

    private SlabChunk(int index, int bytes, int largeBytes, int pages) {
        this.index = index;
        this.largeBytes = largeBytes;
        arena = Arena.ofShared();
        // Arena.allocate writes zeros, so every page is resident from here on.
        segment = arena.allocate(bytes, ALIGNMENT);
        nextSpan = new int[pages];
        previousSpan = new int[pages];
        firstPage = new byte[pages];
        sizeClass = new byte[pages];
        freeBlock = new int[pages];
        untouched = new int[pages];
        used = new int[pages];
    }

    static SlabChunk shared(int index) {
        return new SlabChunk(index, SHARED_BYTES, 0, PAGES);
    }

    static SlabChunk large(int index, int bytes) {
        return new SlabChunk(index, (bytes + 7) & -8, bytes, 0);
    }

    /** What a chunk with {@code bytes} for blocks takes from the operating system. */
    static long accountedBytes(int bytes) {
        return (bytes + (long) ALIGNMENT + MALLOC_HEADER + OS_PAGE - 1) / OS_PAGE * OS_PAGE;
    }

    boolean isLarge() {
        return largeBytes > 0;
    }

    boolean isEmpty() {
        return freePages == -1L;
    }

    /** The first page of the lowest run of {@code pages} free pages, or {@link #NONE}. */
    int findRun(int pages) {
        long runs = freePages;
        for (int i = 1; i < pages && runs != 0; i++) {
            runs &= freePages >>> i;
        }
        return runs == 0 ? NONE : Long.numberOfTrailingZeros(runs);
    }

    /** Makes the free pages from {@code page} a span of {@code ofClass}. */
    void openSpan(int page, int ofClass) {
        int pages = SizeClasses.spanPages(ofClass);
        freePages &= ~pageMask(page, pages);
        Arrays.fill(firstPage, page, page + pages, (byte) page);
        sizeClass[page] = (byte) ofClass;
        freeBlock[page] = NONE;
        untouched[page] = 0;
        used[page] = 0;
        nextSpan[page] = NONE;
        previousSpan[page] = NONE;
    }

    /** No block is handed out any more, and it stands in no list. */
    void clear() {
        freePages = -1L;
        usedBytes = 0;
        draining = false;
        nextChunk = NONE;
        previousChunk = NONE;
    }

    void closeSpan(int page) {
        freePages |= pageMask(page, SizeClasses.spanPages(sizeClass[page]));
    }

    /** Takes a block of a span that is not full; its offset in the chunk. */
    int takeBlock(int page) {
        used[page]++;
        usedBytes += SizeClasses.blockBytes(sizeClass[page]);
        int offset = freeBlock[page];
        if (offset != NONE) {
            freeBlock[page] = segment.get(ValueLayout.JAVA_INT, offset);
            return offset;
        }
        return page * SizeClasses.PAGE_BYTES
                + untouched[page]++ * SizeClasses.blockBytes(sizeClass[page]);
    }

    void giveBlockBack(int page, int offset) {
        used[page]--;
        usedBytes -= SizeClasses.blockBytes(sizeClass[page]);
        segment.set(ValueLayout.JAVA_INT, offset, freeBlock[page]);
        freeBlock[page] = offset;
    }

    /** The span that holds an offset, or {@link #NONE} when its page is free. */
    int spanAt(int offset) {
        int page = offset / SizeClasses.PAGE_BYTES;
        return (freePages >>> page & 1) != 0 ? NONE : firstPage[page];
    }

    /** The first page of the span behind the one that begins at {@code page}. */
    int pageAfterSpan(int page) {
        return page + SizeClasses.spanPages(sizeClass[page]);
    }

    boolean isFree(int page) {
        return (freePages >>> page & 1) != 0;
    }

    int sizeClass(int page) {
        return sizeClass[page];
    }

    int used(int page) {
        return used[page];
    }

    boolean isFull(int page) {
        return used[page] == SizeClasses.blocksPerSpan(sizeClass[page]);
    }

    private static long pageMask(int page, int pages) {
        return ((1L << pages) - 1) << page;
    }
}
