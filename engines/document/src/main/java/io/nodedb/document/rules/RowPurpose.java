package io.nodedb.document.rules;

import io.nodedb.base.ownership.Immutable;

/** Why a row is prepared. */
@Immutable
enum RowPurpose {
    /** A new row: what the writer left out gets its default. */
    INSERT,
    /** A row that stands and was changed: what was taken out stays out. */
    UPDATE
}
