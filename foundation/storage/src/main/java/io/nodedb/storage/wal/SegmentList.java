package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Shared;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The segments of the log, oldest first, the last one being written. The writer replaces the array;
 * readers take a snapshot and notice a segment that was recycled meanwhile by its bytes (see {@link
 * GroupFormat}).
 */
@Shared("volatile array, replaced by the writer")
final class SegmentList {
    private static final Segment[] NONE = new Segment[0];

    private volatile Segment[] segments = NONE;

    /** Oldest first; never changed after it was handed out. */
    Segment[] snapshot() {
        return segments;
    }

    void append(Segment segment) {
        Segment[] longer = Arrays.copyOf(segments, segments.length + 1);
        longer[segments.length] = segment;
        segments = longer;
    }

    void removeOldest() {
        segments = Arrays.copyOfRange(segments, 1, segments.length);
    }

    @Nullable Segment containing(long position) {
        for (Segment segment : segments) {
            if (segment.contains(position)) {
                return segment;
            }
        }
        return null;
    }

    /** The newest segment that may hold the first record above an LSN; the oldest if none. */
    Segment startFor(long lsnExclusive) {
        Segment[] all = segments;
        for (int i = all.length - 1; i > 0; i--) {
            if (all[i].lsnBefore() <= lsnExclusive) {
                return all[i];
            }
        }
        return all[0];
    }
}
