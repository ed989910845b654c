package io.nodedb.storage.rows.segment;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One block that a background job stands on, in off-heap memory of its own, which grows to the
 * largest block and counts. One thread at a time.
 */
final class JobBlock implements AutoCloseable {
    private final MemoryGovernor governor;
    private final BlockReader reader;
    private final BlockCursor cursor = new BlockCursor();
    private @Nullable Arena arena;
    private MemorySegment memory = MemorySegment.NULL;

    JobBlock(MemoryGovernor governor, BlockReader reader) {
        this.governor = governor;
        this.reader = reader;
    }

    /** Reads a block; the cursor stands before its first entry. */
    BlockCursor read(Segment segment, BlockKind kind, BlockPlace place) throws IOException {
        reader.read(
                segment.file().file(),
                segment.file().path(),
                segment.number(),
                kind,
                place,
                room(place.rawBytes()),
                0);
        cursor.reset(memory, 0, place.rawBytes());
        return cursor;
    }

    private MemorySegment room(int bytes) {
        if (memory.byteSize() < bytes) {
            long length = Math.max(bytes, 32 * 1024);
            close();
            governor.reserveBeyondLimit(MemoryTag.ROW_FILES, length);
            Arena fresh = Arena.ofShared();
            arena = fresh;
            memory = fresh.allocate(length, Long.BYTES);
        }
        return memory;
    }

    @Override
    public void close() {
        Arena old = arena;
        if (old != null) {
            old.close();
            governor.release(MemoryTag.ROW_FILES, memory.byteSize());
            arena = null;
            memory = MemorySegment.NULL;
        }
    }
}
