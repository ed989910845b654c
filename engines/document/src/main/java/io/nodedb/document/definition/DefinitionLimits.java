package io.nodedb.document.definition;

/** Bounds of one definition: it passes the catalog's log record as one value. */
public final class DefinitionLimits {
    /** Of columns, constraints and indexes, in UTF-8: as a collection's name. */
    public static final int MAX_NAME_BYTES = 255;

    /** Columns, dropped ones included, as PostgreSQL counts them. */
    public static final int MAX_COLUMNS = io.nodedb.document.DocumentLimits.MAX_COLUMNS;

    /** Each write visits each of them. */
    public static final int MAX_GUARDS = 1_600;

    public static final int MAX_CONSTRAINTS = 1_000;

    /** Each write may touch each of them. */
    public static final int MAX_INDEXES = 256;

    /** Of a primary key, a foreign key or an index: PostgreSQL's INDEX_MAX_KEYS. */
    public static final int MAX_KEY_PARTS = 32;

    /** Of the types a guard allows, each of which a value may be tried as. */
    public static final int MAX_GUARD_TYPES = 16;

    /** Dimensions of an array type: PostgreSQL's MAXDIM. */
    public static final int MAX_DIMENSIONS = 6;

    public static final int MAX_DEFINITION_BYTES = 4 << 20;

    private DefinitionLimits() {}
}
