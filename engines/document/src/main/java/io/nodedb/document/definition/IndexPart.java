package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.plan.expression.Expr;
import java.util.List;

/** One part of an index's key: where its value comes from, and how it is ordered. */
@Immutable
public record IndexPart(Source source, KeyOrder order) {
    /** What of a row a part holds. */
    public sealed interface Source {}

    /** A column or field. */
    public record Field(FieldPath path) implements Source {}

    /** An expression over the row, the same at any time. */
    public record Computed(Expr expression) implements Source {}

    /**
     * Each different element of an array: a row has as many entries. An empty or missing array has
     * none; a value that is no array counts as its only element. {@code inside} leads on from the
     * element, as in {@code items[].name}.
     */
    public record EachElement(FieldPath array, List<String> inside) implements Source {
        public EachElement {
            inside = List.copyOf(inside);
        }
    }

    /** A column or field, ascending. */
    public static IndexPart of(String... steps) {
        return new IndexPart(new Field(FieldPath.of(steps)), KeyOrder.ASCENDING);
    }

    public static IndexPart computed(Expr expression) {
        return new IndexPart(new Computed(expression), KeyOrder.ASCENDING);
    }

    public static IndexPart eachOf(String... steps) {
        return new IndexPart(new EachElement(FieldPath.of(steps), List.of()), KeyOrder.ASCENDING);
    }

    public IndexPart ordered(KeyOrder newOrder) {
        return new IndexPart(source, newOrder);
    }
}
