package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.expression.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An index as its creator describes it; the definition gives it an id. */
@Immutable
public record NewIndex(
        String name, Uniqueness uniqueness, List<IndexPart> parts, @Nullable Expr predicate) {
    public NewIndex {
        parts = List.copyOf(parts);
    }

    public static NewIndex of(String name, IndexPart... parts) {
        return new NewIndex(name, Uniqueness.NOT_UNIQUE, List.of(parts), null);
    }

    public static NewIndex unique(String name, IndexPart... parts) {
        return new NewIndex(name, Uniqueness.UNIQUE, List.of(parts), null);
    }

    /** Holds only rows for which the condition is true. */
    public NewIndex where(Expr condition) {
        return new NewIndex(name, uniqueness, parts, condition);
    }
}
