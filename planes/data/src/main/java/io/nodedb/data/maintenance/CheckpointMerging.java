package io.nodedb.data.maintenance;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.storage.checkpoint.CheckpointMerge;
import io.nodedb.storage.checkpoint.Manifest;
import io.nodedb.storage.checkpoint.ManifestStore;
import java.io.IOException;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges base and deltas of one folder into a new base and publishes that, in slices. Not done when
 * memory is short: the next checkpoint asks again.
 *
 * <p>Used by one background worker at a time; {@link #step} until it returns true or throws, or
 * {@link #abandon}.
 */
final class CheckpointMerging {
    /** Memory of one merge: its table of newest versions. */
    private static final long MEMORY_BYTES = 16 << 20;

    /** A slice moves about so much. */
    private static final long SLICE_BYTES = 256 << 10;

    private final ManifestStore store;
    private final Manifest input;
    private final MemoryGovernor governor;
    private final LongSupplier syncedLsn;
    private final IntPredicate keepsCollection;
    private @Nullable CheckpointMerge merge;
    private long movedBytes;

    CheckpointMerging(
            ManifestStore store,
            Manifest input,
            MemoryGovernor governor,
            LongSupplier syncedLsn,
            IntPredicate keepsCollection) {
        this.store = store;
        this.input = input;
        this.governor = governor;
        this.syncedLsn = syncedLsn;
        this.keepsCollection = keepsCollection;
    }

    /** One slice. @return true when it has ended; whatever it throws has ended it, too */
    boolean step() throws IOException {
        CheckpointMerge running = merge;
        if (running == null && !governor.tryReserve(MemoryTag.CHECKPOINT, MEMORY_BYTES)) {
            return true;
        }
        boolean more = false;
        try {
            if (running == null) {
                running = new CheckpointMerge(store, input, MEMORY_BYTES, keepsCollection);
                merge = running;
            }
            long end = movedBytes + SLICE_BYTES;
            more = true;
            while (more && movedBytes < end) {
                more = !running.step();
                movedBytes = running.movedBytes();
            }
            Manifest current = store.current();
            if (!more && current != null) {
                store.publish(
                        current.withMerged(running.input(), running.result()),
                        syncedLsn.getAsLong());
            }
            return !more;
        } catch (IOException | RuntimeException failure) {
            more = false;
            if (running != null) {
                running.abandon();
            }
            throw failure;
        } finally {
            if (!more) {
                governor.release(MemoryTag.CHECKPOINT, MEMORY_BYTES);
            }
        }
    }

    /** Bytes read and written so far. */
    long movedBytes() {
        return movedBytes;
    }

    /** Gives up between two slices. */
    void abandon() throws IOException {
        CheckpointMerge running = merge;
        if (running != null) {
            try {
                running.abandon();
            } finally {
                governor.release(MemoryTag.CHECKPOINT, MEMORY_BYTES);
            }
        }
    }
}
