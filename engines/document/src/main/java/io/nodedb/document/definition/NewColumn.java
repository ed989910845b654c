package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.plan.expression.Expr;

/** A column as its creator describes it; the definition gives it an id. */
@Immutable
public record NewColumn(String name, Type type, Nullability nullability, ColumnSource source) {
    /** A column that may be NULL and has no default. */
    public static NewColumn of(String name, Type type) {
        return new NewColumn(name, type, Nullability.NULLABLE, ColumnSource.GIVEN);
    }

    public NewColumn notNull() {
        return new NewColumn(name, type, Nullability.NOT_NULL, source);
    }

    public NewColumn withDefault(Expr expression) {
        return new NewColumn(name, type, nullability, new ColumnSource.Default(expression));
    }

    public NewColumn generatedAs(Expr expression) {
        return new NewColumn(name, type, nullability, new ColumnSource.Generated(expression));
    }
}
