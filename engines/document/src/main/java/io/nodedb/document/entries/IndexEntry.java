package io.nodedb.document.entries;

import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;

/**
 * One entry of a row in an index; equal when its bytes are.
 *
 * @param bytes {@link EntryFormat}
 * @param partsEnd where the primary key begins in them
 * @param claim must no other row have an entry that agrees up to {@code partsEnd}?
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // written once, then only read; equality is by content
public record IndexEntry(byte[] bytes, int partsEnd, Claim claim)
        implements Comparable<IndexEntry> {
    /** Whether an entry asks for its value alone. */
    public enum Claim {
        /** Others may have it: the index is not unique, or a part is NULL. */
        SHARED,
        UNIQUE
    }

    /** What a unique entry claims: the index's id and the parts. */
    public byte[] claimed() {
        return Arrays.copyOf(bytes, partsEnd);
    }

    @Override
    public int compareTo(IndexEntry other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexEntry that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
