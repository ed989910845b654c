package io.nodedb.control.scan;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.document.ScanDirection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys, compared as unsigned bytes, and the direction in which it is read.
 *
 * @param from first key; null is the collection's beginning
 * @param to the key behind the range, not part of it; null is the collection's end
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // the arrays are the caller's copies and are only read
public record KeyRange(byte @Nullable [] from, byte @Nullable [] to, ScanDirection direction) {
    /** Every key, ascending. */
    public static final KeyRange ALL = new KeyRange(null, null, ScanDirection.FORWARD);

    public boolean contains(byte[] key) {
        return (from == null || Arrays.compareUnsigned(from, key) <= 0)
                && (to == null || Arrays.compareUnsigned(key, to) < 0);
    }

    /** The order of two keys in the range's direction. */
    public int compare(byte[] a, byte[] b) {
        return direction == ScanDirection.FORWARD
                ? Arrays.compareUnsigned(a, b)
                : Arrays.compareUnsigned(b, a);
    }
}
