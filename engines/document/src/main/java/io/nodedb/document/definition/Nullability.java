package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;

/** May a column be NULL? */
@Immutable
public enum Nullability {
    NULLABLE,
    NOT_NULL
}
