package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/**
 * Where a read puts its row: owned by the reader and used again, so that reads allocate nothing
 * once it has grown. One thread at a time.
 */
@CoreOwned
public final class RowTarget {
    /** A longer array is given up by {@link #clear}. */
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private byte[] value = new byte[256];
    private int length;
    private long stamp;
    private boolean present;

    /** The value's bytes, from 0 to {@link #length}; valid until the next read. */
    public byte[] value() {
        return value;
    }

    public int length() {
        return length;
    }

    /** LSN of the version, negative while pending; 0 when the key has no version. */
    public long stamp() {
        return stamp;
    }

    /** Forgets the row and gives up a very long array. */
    public void clear() {
        length = 0;
        stamp = 0;
        present = false;
        if (value.length > MAX_KEPT_BYTES) {
            value = new byte[256];
        }
    }

    /** For the store: the array to fill with {@code valueLength} bytes. */
    public byte[] fill(int valueLength, long versionStamp) {
        if (value.length < valueLength) {
            value = new byte[Math.max(valueLength, 2 * value.length)];
        }
        length = valueLength;
        stamp = versionStamp;
        present = true;
        return value;
    }

    /**
     * For the store: there is no value, because of a deletion at {@code versionStamp} or at all.
     */
    public void fillAbsent(long versionStamp) {
        length = 0;
        stamp = versionStamp;
        present = false;
    }

    /** {@link RowStore#FOUND} or {@link RowStore#ABSENT}, as it was filled last. */
    int found() {
        return present ? RowStore.FOUND : RowStore.ABSENT;
    }

    /** A copy of the value. */
    public byte[] copy() {
        return Arrays.copyOf(value, length);
    }
}
