package io.nodedb.document.entries;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.KeyWriter;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.document.definition.IndexDefinition;
import io.nodedb.document.definition.IndexPart;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.Evaluation;
import io.nodedb.plan.expression.Expr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An index with its expressions bound. Owned by its {@link IndexEntries}. */
final class BoundIndex {
    private static final int NO_PART = -1;

    private final IndexDefinition definition;
    private final BoundExpression[] parts;
    private final KeyOrder[] orders;
    private final @Nullable BoundExpression predicate;

    /** The part of each element, and where in an element its value is. */
    private final int elementPart;

    private final List<String> insideElement;

    BoundIndex(IndexDefinition definition, DefinitionExpressions expressions) {
        this.definition = definition;
        int count = definition.parts().size();
        parts = new BoundExpression[count];
        orders = new KeyOrder[count];
        int elements = NO_PART;
        List<String> inside = List.of();
        for (int i = 0; i < count; i++) {
            IndexPart part = definition.parts().get(i);
            orders[i] = part.order();
            switch (part.source()) {
                case IndexPart.Field(var path) ->
                        parts[i] = expressions.bind(new Expr.Field(path.steps()));
                case IndexPart.Computed(var expression) -> parts[i] = expressions.bind(expression);
                case IndexPart.EachElement(var array, var within) -> {
                    parts[i] = expressions.bind(new Expr.Field(array.steps()));
                    elements = i;
                    inside = within;
                }
            }
        }
        elementPart = elements;
        insideElement = inside;
        Expr condition = definition.predicate();
        predicate = condition == null ? null : expressions.bindCondition(condition);
    }

    /** Adds the entries of the row at hand, in any order, equal ones as often as they occur. */
    void addTo(
            List<IndexEntry> entries, byte[] primaryKey, Evaluation evaluation, KeyWriter writer) {
        if (predicate != null && !predicate.isTrue(evaluation)) {
            return;
        }
        Value[] values = new Value[parts.length];
        for (int i = 0; i < parts.length; i++) {
            values[i] = parts[i].evaluate(evaluation);
            requireShallow(values[i], 0);
        }
        if (elementPart == NO_PART) {
            entries.add(entry(values, primaryKey, writer));
            return;
        }
        for (Value element : elements(values[elementPart])) {
            values[elementPart] = element;
            entries.add(entry(values, primaryKey, writer));
        }
    }

    private List<Value> elements(Value array) {
        if (array.isNull()) {
            return List.of();
        }
        List<Value> elements = array instanceof Value.Array(var inner) ? inner : List.of(array);
        if (elements.size() > DocumentLimits.MAX_ENTRIES_PER_ROW) {
            throw tooLarge("elements", elements.size(), DocumentLimits.MAX_ENTRIES_PER_ROW);
        }
        List<Value> values = new ArrayList<>();
        for (Value element : elements) {
            values.add(inside(element));
        }
        return values;
    }

    private Value inside(Value element) {
        Value value = element;
        for (String step : insideElement) {
            value =
                    value instanceof Value.Document object
                            ? object.field(step).orElse(Value.NULL)
                            : Value.NULL;
        }
        return value;
    }

    private IndexEntry entry(Value[] values, byte[] primaryKey, KeyWriter writer) {
        writer.clear().putInt(definition.id());
        boolean hasNull = false;
        for (int i = 0; i < values.length; i++) {
            hasNull |= values[i].isNull();
            writer.put(values[i], orders[i]);
        }
        int partsEnd = writer.size();
        writer.putKey(primaryKey);
        if (writer.size() > DocumentLimits.MAX_ENTRY_BYTES) {
            throw tooLarge("bytes", writer.size(), DocumentLimits.MAX_ENTRY_BYTES);
        }
        boolean unique =
                switch (definition.uniqueness()) {
                    case NOT_UNIQUE -> false;
                    case UNIQUE -> !hasNull;
                    case UNIQUE_NULLS_NOT_DISTINCT -> true;
                };
        return new IndexEntry(
                writer.toByteArray(),
                partsEnd,
                unique ? IndexEntry.Claim.UNIQUE : IndexEntry.Claim.SHARED);
    }

    private void requireShallow(Value value, int depth) {
        if (depth > Value.MAX_NESTING) {
            throw tooLarge("nesting", depth, Value.MAX_NESTING);
        }
        switch (value) {
            case Value.Array array ->
                    array.elements().forEach(element -> requireShallow(element, depth + 1));
            case Value.Document object ->
                    object.fields().values().forEach(field -> requireShallow(field, depth + 1));
            default -> {}
        }
    }

    private NodeDbException tooLarge(String what, int size, int limit) {
        return new NodeDbException(
                ErrorCode.PROGRAM_LIMIT,
                "A row is too large for an index: index=\""
                        + definition.name()
                        + "\" "
                        + what
                        + "="
                        + size
                        + " limit="
                        + limit
                        + ".");
    }

    IndexDefinition definition() {
        return definition;
    }
}
