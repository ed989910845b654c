package io.nodedb.document;

import io.nodedb.storage.rows.RowStore;

/** Bounds of one row and what belongs to it, the same for both formats. */
public final class DocumentLimits {
    /**
     * A row passes rings, the log and memory as one piece, so it has to stay a small part of them.
     */
    public static final int MAX_DOCUMENT_BYTES = 16 << 20;

    /** Arrays and objects inside each other: readers recurse. */
    public static final int MAX_NESTING = io.nodedb.base.value.Value.MAX_NESTING;

    /** PostgreSQL's most columns of a table. */
    public static final int MAX_COLUMNS = 1_600;

    /** Half of what the row store takes, as an index's entry holds values beside the key. */
    public static final int MAX_PRIMARY_KEY_BYTES = RowStore.MAX_KEY_BYTES / 2;

    /** An entry of an index with the primary key at its end. */
    public static final int MAX_ENTRY_BYTES = RowStore.MAX_KEY_BYTES;

    /** A row's entries in one index of elements: each is a write of its own. */
    public static final int MAX_ENTRIES_PER_ROW = 10_000;

    /** Changes of fields in one patch: each may copy the row's fields. */
    public static final int MAX_PATCH_STEPS = 1_000;

    private DocumentLimits() {}
}
