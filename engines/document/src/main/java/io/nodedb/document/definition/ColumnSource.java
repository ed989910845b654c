package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.expression.Expr;

/** Where a column's value comes from when a row is written. */
@Immutable
public sealed interface ColumnSource {
    ColumnSource GIVEN = new Given();

    /** From the writer, else NULL. */
    record Given() implements ColumnSource {}

    /**
     * From the writer, else from an expression that names no column; it is evaluated for each row,
     * its literals with a time are read as UTC.
     */
    record Default(Expr expression) implements ColumnSource {}

    /** Always from an expression over the row's columns that are not generated themselves. */
    record Generated(Expr expression) implements ColumnSource {}
}
