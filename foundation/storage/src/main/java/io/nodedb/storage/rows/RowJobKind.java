package io.nodedb.storage.rows;

/** Kinds of background work. */
public enum RowJobKind {
    /** Writes a sealed memtable to level 0. */
    FLUSH,

    /** Merges files of one level into the next. */
    COMPACTION,

    /** Writes the manifest, so that new files count. */
    PUBLISH,

    /** Closes and deletes files that count no more. */
    DELETE
}
