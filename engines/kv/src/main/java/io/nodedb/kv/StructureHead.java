package io.nodedb.kv;

import io.nodedb.base.ownership.Immutable;

/**
 * What a key with an indexed value holds itself:
 *
 * <pre>
 *  0 i64 number of the structure: unique in the partition, never used again
 *  8 i64 elements, expired ones included until they are deleted
 * </pre>
 */
@Immutable
final class StructureHead {
    static final int BYTES = 16;

    static final int ID = 0;
    static final int COUNT = 8;

    private StructureHead() {}

    static long id(EntryStore entries, long root) {
        return entries.valueLong(root, ID);
    }

    static long count(EntryStore entries, long root) {
        return entries.valueLong(root, COUNT);
    }
}
