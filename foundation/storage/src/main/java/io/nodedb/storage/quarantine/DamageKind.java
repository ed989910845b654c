package io.nodedb.storage.quarantine;

/** What kind of file was damaged; the names are written to disk. */
public enum DamageKind {
    CHECKPOINT,
    MANIFEST,
    WAL_SEGMENT,
    TABLE_SEGMENT,
    INDEX,
    CATALOG
}
