package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;

/** How a collection stores its rows. The numbers stand in the catalog. */
@Immutable
public enum CollectionKind {
    /** Documents that describe themselves; fields may differ from row to row. */
    SCHEMALESS(1),
    /** Rows of declared columns. */
    STRICT(2);

    private final int number;

    CollectionKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
