package io.nodedb.base.memory;

/**
 * The block sizes of {@link SlabAllocator}: every multiple of 8 up to 128, then eight steps per
 * doubling (at most 12.5 % is wasted inside a block) up to 256 KiB. Blocks of one class are cut
 * from spans of 16 KiB pages; a class's span has as many pages as it takes to leave little over at
 * its end.
 */
final class SizeClasses {
    static final int PAGE_BYTES = 16 * 1024;

    /** Largest block that shares its chunk with others. */
    static final int LARGEST_SHARED = 256 * 1024;

    /**
     * Most pages in a span; bounds what a chunk can leave unused at its end when spans are placed
     * one after another.
     */
    static final int MAX_SPAN_PAGES = 16;

    static final int COUNT = classOf(LARGEST_SHARED) + 1;

    private static final int FINE_CLASSES = 16;
    private static final int FINE_LIMIT = 128;

    /** A span may leave one part in so many unused at its end. */
    private static final int TOLERATED_WASTE = 16;

    private static final int[] BLOCK_BYTES = new int[COUNT];
    private static final int[] SPAN_PAGES = new int[COUNT];
    private static final int[] BLOCKS_PER_SPAN = new int[COUNT];
    private static final int[] PAGES_OF_ONE_SPAN_EACH = new int[COUNT];

    static {
        int pages = 0;
        for (int sizeClass = 0; sizeClass < COUNT; sizeClass++) {
            int bytes = bytesOf(sizeClass);
            BLOCK_BYTES[sizeClass] = bytes;
            SPAN_PAGES[sizeClass] = pagesFor(bytes);
            BLOCKS_PER_SPAN[sizeClass] = SPAN_PAGES[sizeClass] * PAGE_BYTES / bytes;
            pages += SPAN_PAGES[sizeClass];
            PAGES_OF_ONE_SPAN_EACH[sizeClass] = pages;
        }
    }

    private SizeClasses() {}

    /**
     * The smallest class whose blocks hold {@code bytes}, which is 1 to {@link #LARGEST_SHARED}.
     */
    static int classOf(int bytes) {
        if (bytes <= FINE_LIMIT) {
            return (bytes - 1) >>> 3;
        }
        int last = bytes - 1;
        int doubling = 31 - Integer.numberOfLeadingZeros(last);
        int step = (last >>> (doubling - 3)) & 7;
        return FINE_CLASSES + (doubling - 7) * 8 + step;
    }

    static int blockBytes(int sizeClass) {
        return BLOCK_BYTES[sizeClass];
    }

    static int spanPages(int sizeClass) {
        return SPAN_PAGES[sizeClass];
    }

    static int blocksPerSpan(int sizeClass) {
        return BLOCKS_PER_SPAN[sizeClass];
    }

    /** Pages that one span of every class up to {@code sizeClass} takes. */
    static int pagesOfOneSpanEach(int sizeClass) {
        return PAGES_OF_ONE_SPAN_EACH[sizeClass];
    }

    /**
     * Most that full spans take for blocks of {@code bytes} in all: 16/15, see {@link #pagesFor}.
     */
    static long worstSpanBytes(long bytes) {
        return bytes + (bytes + TOLERATED_WASTE - 2) / (TOLERATED_WASTE - 1);
    }

    private static int bytesOf(int sizeClass) {
        if (sizeClass < FINE_CLASSES) {
            return (sizeClass + 1) * 8;
        }
        int doubling = 7 + (sizeClass - FINE_CLASSES) / 8;
        int step = (sizeClass - FINE_CLASSES) % 8;
        return (1 << doubling) + (step + 1) * (1 << (doubling - 3));
    }

    private static int pagesFor(int blockBytes) {
        int best = 0;
        double bestWaste = 1;
        for (int pages = 1; pages <= MAX_SPAN_PAGES; pages++) {
            int span = pages * PAGE_BYTES;
            if (span < blockBytes) {
                continue;
            }
            double waste = (double) (span % blockBytes) / span;
            if (waste * TOLERATED_WASTE <= 1) {
                return pages;
            }
            if (waste < bestWaste) {
                best = pages;
                bestWaste = waste;
            }
        }
        return best;
    }
}
