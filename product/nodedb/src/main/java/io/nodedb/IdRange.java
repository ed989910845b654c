package io.nodedb;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.plan.document.ScanDirection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which ids a scan reads, and in which order: all, ascending, unless it is narrowed. An id of fewer
 * columns stands before all that begin with it. Immutable; each method returns a copy.
 */
@Immutable
public final class IdRange {
    /** Every id, ascending. */
    public static final IdRange ALL = new IdRange(KeyRange.ALL);

    private final KeyRange internal;

    private IdRange(KeyRange internal) {
        this.internal = internal;
    }

    /** From this id on. */
    public IdRange from(Id first) {
        return new IdRange(new KeyRange(first.key(), internal.to(), internal.direction()));
    }

    /** Up to this id, but not this id itself. */
    public IdRange before(Id end) {
        return new IdRange(new KeyRange(internal.from(), end.key(), internal.direction()));
    }

    /** Up to this id, and this id too. */
    public IdRange through(Id last) {
        // The least key above it.
        byte[] above = Arrays.copyOf(last.key(), last.key().length + 1);
        return new IdRange(new KeyRange(internal.from(), above, internal.direction()));
    }

    /** Only ids whose first columns are these. */
    public IdRange beginningWith(Id columns) {
        return new IdRange(new KeyRange(columns.key(), endOf(columns.key()), internal.direction()));
    }

    /** In descending order. */
    public IdRange descending() {
        return new IdRange(new KeyRange(internal.from(), internal.to(), ScanDirection.BACKWARD));
    }

    KeyRange internal() {
        return internal;
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
