package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;

/** May two rows have the same key in an index? The numbers stand in the catalog. */
@Immutable
public enum Uniqueness {
    NOT_UNIQUE(0),
    /** No two rows; a key with a NULL in it is equal to none. */
    UNIQUE(1),
    /** No two rows, and NULL equals NULL. */
    UNIQUE_NULLS_NOT_DISTINCT(2);

    private final int number;

    Uniqueness(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
