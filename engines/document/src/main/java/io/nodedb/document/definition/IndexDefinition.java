package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.expression.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a collection.
 *
 * @param id the first bytes of its entries; unique in the collection and never given again, so that
 *     entries of a dropped index are never met
 * @param predicate holds only rows for which this is true, or all
 */
@Immutable
public record IndexDefinition(
        int id,
        String name,
        Uniqueness uniqueness,
        List<IndexPart> parts,
        @Nullable Expr predicate,
        IndexState state) {
    public IndexDefinition {
        parts = List.copyOf(parts);
    }

    public boolean isUnique() {
        return uniqueness != Uniqueness.NOT_UNIQUE;
    }

    IndexDefinition named(String newName) {
        return new IndexDefinition(id, newName, uniqueness, parts, predicate, state);
    }

    IndexDefinition in(IndexState newState) {
        return new IndexDefinition(id, name, uniqueness, parts, predicate, newState);
    }
}
