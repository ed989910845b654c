package io.nodedb.document;

/** Bounds of one row, the same for both formats. */
public final class DocumentLimits {
    /**
     * A row passes rings, the log and memory as one piece, so it has to stay a small part of them.
     */
    public static final int MAX_DOCUMENT_BYTES = 16 << 20;

    /** Arrays and objects inside each other: readers recurse. */
    public static final int MAX_NESTING = io.nodedb.base.value.Value.MAX_NESTING;

    /** PostgreSQL's most columns of a table. */
    public static final int MAX_COLUMNS = 1_600;

    private DocumentLimits() {}
}
