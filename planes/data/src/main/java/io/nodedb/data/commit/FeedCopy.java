package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.feed.EventEmitter;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;

/**
 * A copy of a batch's effects, kept until its LSN is known, when one of its collections has a feed.
 */
@CoreOwned
final class FeedCopy {
    /** A buffer that grew beyond this is let go after use. */
    private static final int KEPT_BYTES = 4096;

    private static final byte[] EMPTY = {};

    private byte[] bytes = EMPTY;
    private int length;
    private int[] partitions = new int[1];
    private int[] ends = new int[1];
    private int sections;
    private byte source;

    void copy(SectionedEffects effects, byte source) {
        this.source = source;
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            int needed = length + section.length();
            if (bytes.length < needed) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
            }
            System.arraycopy(section.bytes(), 0, bytes, length, section.length());
            length = needed;
            if (sections == ends.length) {
                partitions = Arrays.copyOf(partitions, 2 * sections);
                ends = Arrays.copyOf(ends, 2 * sections);
            }
            partitions[sections] = effects.partition(i);
            ends[sections] = length;
            sections++;
        }
    }

    void emit(EventEmitter emitter, long lsn) {
        int from = 0;
        for (int i = 0; i < sections; i++) {
            emitter.emit(lsn, partitions[i], source, bytes, from, ends[i] - from);
            from = ends[i];
        }
    }

    void clear() {
        sections = 0;
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = EMPTY;
        }
    }
}
