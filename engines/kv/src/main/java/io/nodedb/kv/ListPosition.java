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

    /** Nothing is pushed beyond this: the list is written anew from the middle. */
    static final long LIMIT = Long.MAX_VALUE - 2 * GAP;

    private ListPosition() {}

    static long of(EntryStore entries, long entry) {
        return entries.keyLong(entry, ValueForm.ID_BYTES);
    }

    static void put(long position, byte[] target, int at) {
        LittleEndian.putLong(target, at, position);
    }
}
