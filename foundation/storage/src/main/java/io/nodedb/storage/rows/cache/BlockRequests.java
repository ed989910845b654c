package io.nodedb.storage.rows.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one read waits for. They stay in the cache from the miss until {@link #clear}, so
 * that a read which is repeated gets on, however small the cache is.
 *
 * <pre>
 *   core        read answers MISS
 *   I/O thread  {@link #load}
 *   core        the same read again, with the same requests; another MISS adds further blocks
 *   core        {@link #clear}
 * </pre>
 *
 * <p>Belongs to the core that reads; while an I/O thread runs {@code load}, the core leaves it
 * alone (handing over and back must publish it, as queues do).
 */
public final class BlockRequests {
    private final List<BlockLoad> loads = new ArrayList<>();
    private int[] frames = new int[8];
    private int count;
    private @Nullable BlockCache cache;

    /** Reads what is wanted; blocks. Failures show when the read is repeated. */
    public void load() {
        for (BlockLoad load : loads) {
            load.run();
        }
    }

    /** Blocks wanted. */
    public int size() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The read has its answer, failed or was given up: its blocks may leave the cache. */
    public void clear() {
        if (count > 0 && cache != null) {
            for (int i = 0; i < count; i++) {
                cache.unpin(frames[i]);
            }
        }
        count = 0;
        loads.clear();
    }

    /** True when this frame is held already. */
    boolean holds(int frame) {
        for (int i = 0; i < count; i++) {
            if (frames[i] == frame) {
                return true;
            }
        }
        return false;
    }

    /** For the cache: holds a frame, and its load when it is not there yet. */
    void add(BlockCache owner, int frame, @Nullable BlockLoad load) {
        cache = owner;
        if (count == frames.length) {
            frames = Arrays.copyOf(frames, 2 * count);
        }
        frames[count++] = frame;
        if (load != null) {
            loads.add(load);
        }
    }
}
