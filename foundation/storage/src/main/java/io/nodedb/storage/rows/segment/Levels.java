package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.block.RowKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that count: level 0, whose files may overlap, newest first; the others sorted by key,
 * without overlap, and all versions of a key in one file. A level's versions of a key are newer
 * than those of the levels below.
 */
@Immutable
public final class Levels {
    private static final Comparator<Segment> BY_KEY =
            (a, b) -> RowKey.compare(a.smallest(), b.smallest());

    private final List<List<Segment>> levels;

    private Levels(List<List<Segment>> levels) {
        this.levels = levels;
    }

    /** Levels as a manifest lists them. */
    public static Levels of(List<List<Segment>> levels) {
        return new Levels(levels.stream().map(List::copyOf).toList());
    }

    public int count() {
        return levels.size();
    }

    public List<Segment> level(int level) {
        return levels.get(level);
    }

    public long bytes(int level) {
        long bytes = 0;
        for (Segment segment : levels.get(level)) {
            bytes += segment.sizeBytes();
        }
        return bytes;
    }

    /** The lowest level with files; 0 when there is none. */
    public int lowest() {
        int lowest = levels.size() - 1;
        while (lowest > 0 && levels.get(lowest).isEmpty()) {
            lowest--;
        }
        return lowest;
    }

    public boolean isEmpty() {
        return lowest() == 0 && levels.getFirst().isEmpty();
    }

    /** Position in a level from 1 on of the only file that may hold a key, or -1. */
    public int indexOf(int level, byte[] rowKey, int length) {
        int index = indexAtOrBefore(levels.get(level), rowKey, length);
        return index >= 0 && levels.get(level).get(index).mayHold(rowKey, length) ? index : -1;
    }

    /** Position of the last file whose first key is at or before a key, or -1. */
    public static int indexAtOrBefore(List<Segment> sorted, byte[] rowKey, int length) {
        int low = 0;
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] first = sorted.get(middle).smallest();
            if (RowKey.compare(first, first.length, rowKey, length) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The only file of a level from 1 on that may hold a key. */
    public @Nullable Segment find(int level, byte[] rowKey, int length) {
        int index = indexOf(level, rowKey, length);
        return index < 0 ? null : levels.get(level).get(index);
    }

    /** Files of a level with keys between these two, both inclusive. */
    public List<Segment> overlapping(int level, byte[] from, byte[] to) {
        List<Segment> found = new ArrayList<>();
        for (Segment segment : levels.get(level)) {
            if (segment.overlaps(from, to)) {
                found.add(segment);
            }
        }
        return found;
    }

    /** Without some files, and with others in one level; in level 0 they are the newest. */
    public Levels with(Collection<Segment> removed, int level, List<Segment> added) {
        Set<Long> gone = new HashSet<>();
        removed.forEach(segment -> gone.add(segment.number()));
        List<List<Segment>> next = new ArrayList<>();
        for (int i = 0; i < levels.size(); i++) {
            List<Segment> files = new ArrayList<>();
            if (i == level && i == 0) {
                files.addAll(added);
            }
            for (Segment segment : levels.get(i)) {
                if (!gone.contains(segment.number())) {
                    files.add(segment);
                }
            }
            if (i == level && i > 0) {
                files.addAll(added);
                files.sort(BY_KEY);
            }
            next.add(List.copyOf(files));
        }
        return new Levels(next);
    }
}
