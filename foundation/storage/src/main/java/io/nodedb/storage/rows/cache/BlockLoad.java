package io.nodedb.storage.rows.cache;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One block on its way into a frame of the cache. Several reads may wait for the same one; the
 * first thread that runs it reads, the others wait for it.
 *
 * <pre>
 *   NEW ─► RUNNING ─► LOADED | FAILED        by an I/O thread
 *    └───► CANCELLED                         by the core, when nobody waits any more
 * </pre>
 *
 * The frame's memory belongs to the I/O thread while RUNNING, and to the core before and after.
 */
@Shared("state word; a lock for threads that wait for the one that reads")
final class BlockLoad {
    private static final int NEW = 0;
    private static final int RUNNING = 1;
    private static final int LOADED = 2;
    private static final int FAILED = 3;
    private static final int CANCELLED = 4;

    private final BlockFile file;
    private final BlockKind kind;
    private final BlockPlace place;
    private final MemorySegment target;
    private final long position;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicInteger state = new AtomicInteger(NEW);

    /** Written before FAILED is. */
    private @Nullable NodeDbException failure;

    BlockLoad(
            BlockFile file, BlockKind kind, BlockPlace place, MemorySegment target, long position) {
        this.file = file;
        this.kind = kind;
        this.place = place;
        this.target = target;
        this.position = position;
    }

    /** I/O thread: reads the block, or waits for the thread that does. */
    void run() {
        reading.lock();
        try {
            if (state.compareAndSet(NEW, RUNNING)) {
                state.set(read() ? LOADED : FAILED);
            }
        } finally {
            reading.unlock();
        }
    }

    private boolean read() {
        try {
            BlockReader.ofThread()
                    .read(file.file(), file.path(), file.number(), kind, place, target, position);
            return true;
        } catch (NodeDbException e) {
            failure = e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            failure =
                    new NodeDbException(
                            ErrorCode.STORAGE_FAILED,
                            "A block can't be read: path="
                                    + file.path()
                                    + " offset="
                                    + place.offset()
                                    + " reason="
                                    + e,
                            e);
        }
        return false;
    }

    /** Core: gives it up if no thread has begun. */
    boolean cancel() {
        return state.compareAndSet(NEW, CANCELLED);
    }

    /** Core: it has ended, well or not; the frame is the core's again. */
    boolean ended() {
        int now = state.get();
        return now == LOADED || now == FAILED;
    }

    /** After {@link #ended}: why it failed, or null. */
    @Nullable NodeDbException failure() {
        return state.get() == FAILED ? failure : null;
    }

    BlockFile file() {
        return file;
    }
}
