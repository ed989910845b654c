package io.nodedb.kv;

import io.nodedb.storage.bytes.LittleEndian;

/**
 * Where an element of an indexed list stands: 8 bytes, little-endian, that are its key. Positions
 * lie apart, so that others can be put between them.
 */
final class ListPosition {
    static final int BYTES = 8;

    /** Distance of elements that are pushed one after another. */
    static final long GAP = 1 << 16;

    /** A list that reaches further is written anew from the middle before the next push. */
    static final long LIMIT = Long.MAX_VALUE - (GAP << 32);

    /** Least distance of elements that were moved apart to make room. */
    static final long ROOM = 64;

    private ListPosition() {}

    static long of(EntryStore entries, long entry) {
        return entries.keyLong(entry, ValueForm.ID_BYTES);
    }

    static void put(long position, byte[] target, int at) {
        LittleEndian.putLong(target, at, position);
    }
}
