package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.plan.document.ScanDirection;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which ids a scan reads, and in which order: all, ascending, unless it is narrowed. An id of fewer
 * columns stands before all that begin with it. Immutable; each method returns a copy.
 */
@Immutable
public final class IdRange {
    /** Every id, ascending. */
    public static final IdRange ALL = new IdRange(null, null, End.BEFORE, ScanDirection.FORWARD);

    /** What the last id means. */
    private enum End {
        BEFORE,
        THROUGH,
        BEGINNING_WITH
    }

    private final @Nullable Id first;
    private final @Nullable Id last;
    private final End end;
    private final ScanDirection direction;

    private IdRange(@Nullable Id first, @Nullable Id last, End end, ScanDirection direction) {
        this.first = first;
        this.last = last;
        this.end = end;
        this.direction = direction;
    }

    /** From this id on. */
    public IdRange from(Id first) {
        return new IdRange(requireNonNull(first, "first"), last, end, direction);
    }

    /** Up to this id, but not this id itself. */
    public IdRange before(Id end) {
        return new IdRange(first, requireNonNull(end, "end"), End.BEFORE, direction);
    }

    /** Up to this id, and this id too. */
    public IdRange through(Id last) {
        return new IdRange(first, requireNonNull(last, "last"), End.THROUGH, direction);
    }

    /** Only ids whose first columns are these. */
    public IdRange beginningWith(Id columns) {
        Id both = requireNonNull(columns, "columns");
        return new IdRange(both, both, End.BEGINNING_WITH, direction);
    }

    /** In descending order. */
    public IdRange descending() {
        return new IdRange(first, last, end, ScanDirection.BACKWARD);
    }

    /** As keys, {@code keys} being those of ids. */
    KeyRange internal(Function<Id, byte[]> keys) {
        byte[] from = first == null ? KeyRange.ALL.from() : keys.apply(first);
        return new KeyRange(from, last == null ? null : endAt(keys.apply(last)), direction);
    }

    private byte @Nullable [] endAt(byte[] key) {
        return switch (end) {
            case BEFORE -> key;
            // The least key above it.
            case THROUGH -> Arrays.copyOf(key, key.length + 1);
            case BEGINNING_WITH -> endOf(key);
        };
    }

    /** The least key that does not begin with this one; null when there is none. */
    private static byte @Nullable [] endOf(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] end = Arrays.copyOf(prefix, length);
        end[length - 1]++;
        return end;
    }
}
