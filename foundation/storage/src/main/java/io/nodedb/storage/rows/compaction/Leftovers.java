package io.nodedb.storage.rows.compaction;

import io.nodedb.storage.rows.segment.SegmentWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Removes what a failed job wrote; what the disk won't let go is deleted at the next start. */
final class Leftovers {
    private Leftovers() {}

    static void remove(Throwable failure, @Nullable SegmentWriter writer) {
        if (writer != null) {
            try {
                writer.abandon();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
