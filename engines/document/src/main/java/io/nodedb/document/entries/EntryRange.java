package io.nodedb.document.entries;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.KeyWriter;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.IndexDefinition;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries from {@code from} up to, but without {@code to}, as unsigned bytes; to be read
 * forward in the index's order or backward against it.
 *
 * <p>A bound on a part leaves its NULLs out, as a comparison with NULL is not true; {@code NULL} as
 * an equal value means {@code IS NULL}. Values of other types than the bound's are in the range by
 * the one order of all values. Bounds have the type that the part's entries have: numbers of any
 * type are alike, but a DATE is no TIMESTAMP.
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // written once, then only read
public record EntryRange(byte[] from, byte[] to) {
    /** NULLs of a part are 00 or FF; everything else lies between. */
    private static final int FIRST_VALUE = 0x01;

    private static final int AFTER_VALUES = 0xFF;

    /** An end of a range of values. */
    public record Bound(Value value, Inclusion inclusion) {
        public Bound {
            Check.that(!value.isNull(), "a bound is a value");
        }

        public static Bound including(Value value) {
            return new Bound(value, Inclusion.INCLUDED);
        }

        public static Bound excluding(Value value) {
            return new Bound(value, Inclusion.EXCLUDED);
        }
    }

    /** Does a range hold its end? */
    public enum Inclusion {
        INCLUDED,
        EXCLUDED
    }

    /** Every entry whose first parts equal these values; none for the whole index. */
    public static EntryRange equalTo(IndexDefinition index, List<Value> equal) {
        byte[] prefix = prefix(index, equal).toByteArray();
        return new EntryRange(prefix, after(prefix));
    }

    /**
     * Every entry whose first parts equal these values, and whose next part is not NULL and within
     * the bounds by value, whatever the part's order; null is no bound.
     */
    public static EntryRange between(
            IndexDefinition index, List<Value> equal, @Nullable Bound low, @Nullable Bound high) {
        Check.that(equal.size() < index.parts().size(), "a part is left to be bound", equal.size());
        KeyOrder order = index.parts().get(equal.size()).order();
        Bound first = order.isDescending() ? high : low;
        Bound last = order.isDescending() ? low : high;
        byte[] from = prefix(index, equal).toByteArray();
        byte[] start = extended(from, FIRST_VALUE);
        byte[] end = extended(from, AFTER_VALUES);
        if (first != null) {
            byte[] bound = prefix(index, equal).put(first.value(), order).toByteArray();
            start = first.inclusion() == Inclusion.INCLUDED ? bound : after(bound);
        }
        if (last != null) {
            byte[] bound = prefix(index, equal).put(last.value(), order).toByteArray();
            end = last.inclusion() == Inclusion.INCLUDED ? after(bound) : bound;
        }
        return new EntryRange(start, end);
    }

    /** Can no entry be in it, as for a low bound above the high one? */
    public boolean isEmpty() {
        return Arrays.compareUnsigned(from, to) >= 0;
    }

    public boolean contains(byte[] entry) {
        return Arrays.compareUnsigned(from, entry) <= 0 && Arrays.compareUnsigned(entry, to) < 0;
    }

    private static KeyWriter prefix(IndexDefinition index, List<Value> equal) {
        Check.that(equal.size() <= index.parts().size(), "values for parts", equal.size());
        KeyWriter writer = new KeyWriter().putInt(index.id());
        for (int i = 0; i < equal.size(); i++) {
            writer.put(equal.get(i), index.parts().get(i).order());
        }
        return writer;
    }

    private static byte[] extended(byte[] prefix, int next) {
        byte[] longer = Arrays.copyOf(prefix, prefix.length + 1);
        longer[prefix.length] = (byte) next;
        return longer;
    }

    /** The first bytes after everything that begins with these; an index's id is no FFFFFFFF. */
    private static byte[] after(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xFF) {
            last--;
        }
        byte[] next = Arrays.copyOf(prefix, last + 1);
        next[last]++;
        return next;
    }
}
