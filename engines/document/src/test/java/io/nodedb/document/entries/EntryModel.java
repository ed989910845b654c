package io.nodedb.document.entries;

import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.IndexDefinition;
import io.nodedb.document.definition.IndexPart;
import io.nodedb.document.definition.Uniqueness;
import io.nodedb.document.rules.FixedTime;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RowRules;
import io.nodedb.document.rules.StoredRow;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.DocumentScope;
import io.nodedb.plan.expression.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What entries are, slowly: lists of values, compared value by value. */
final class EntryModel {
    /** An entry as values. */
    record Entry(List<Value> parts, byte[] primaryKey, IndexEntry.Claim claim) {}

    private final CollectionDefinition definition;
    private final StoredRow reader;

    EntryModel(CollectionDefinition definition) {
        this.definition = definition;
        reader = new RowRules(definition, FixedTime.ids()).reader();
    }

    static Comparator<Entry> order(IndexDefinition index) {
        return (a, b) -> {
            for (int i = 0; i < a.parts().size(); i++) {
                KeyOrder order = index.parts().get(i).order();
                int by = order.compare(a.parts().get(i), b.parts().get(i));
                if (by != 0) {
                    return by;
                }
            }
            return Arrays.compareUnsigned(a.primaryKey(), b.primaryKey());
        };
    }

    /** A row's entries, each once, in the index's order. */
    List<Entry> entries(IndexDefinition index, PreparedRow row) {
        reader.wrap(row.row());
        if (index.predicate() != null && !evaluated(index.predicate()).equals(Value.Bool.TRUE)) {
            return List.of();
        }
        List<List<Value>> choices = new ArrayList<>();
        for (IndexPart part : index.parts()) {
            choices.add(
                    switch (part.source()) {
                        case IndexPart.Field(var path) -> List.of(reader.value(path));
                        case IndexPart.Computed(var expression) -> List.of(evaluated(expression));
                        case IndexPart.EachElement(var array, var inside) ->
                                elements(reader.value(array), inside);
                    });
        }
        List<Entry> entries = new ArrayList<>();
        add(index, choices, List.of(), row.key(), entries);
        entries.sort(order(index));
        List<Entry> distinct = new ArrayList<>();
        for (Entry entry : entries) {
            if (distinct.isEmpty() || order(index).compare(distinct.getLast(), entry) != 0) {
                distinct.add(entry);
            }
        }
        return distinct;
    }

    private static void add(
            IndexDefinition index,
            List<List<Value>> choices,
            List<Value> chosen,
            byte[] key,
            List<Entry> entries) {
        if (chosen.size() == choices.size()) {
            boolean hasNull = chosen.stream().anyMatch(Value::isNull);
            boolean unique =
                    index.uniqueness() == Uniqueness.UNIQUE_NULLS_NOT_DISTINCT
                            || (index.uniqueness() == Uniqueness.UNIQUE && !hasNull);
            entries.add(
                    new Entry(
                            chosen,
                            key,
                            unique ? IndexEntry.Claim.UNIQUE : IndexEntry.Claim.SHARED));
            return;
        }
        for (Value value : choices.get(chosen.size())) {
            List<Value> longer = new ArrayList<>(chosen);
            longer.add(value);
            add(index, choices, longer, key, entries);
        }
    }

    private static List<Value> elements(Value array, List<String> inside) {
        if (array.isNull()) {
            return List.of();
        }
        List<Value> elements = array instanceof Value.Array(var inner) ? inner : List.of(array);
        return elements.stream().map(element -> inside(element, inside)).toList();
    }

    private static Value inside(Value element, List<String> steps) {
        if (steps.isEmpty()) {
            return element;
        }
        return element instanceof Value.Document object
                        && object.field(steps.getFirst()).isPresent()
                ? inside(object.field(steps.getFirst()).get(), steps.subList(1, steps.size()))
                : Value.NULL;
    }

    private Value evaluated(Expr expression) {
        DocumentScope scope = new DocumentScope();
        DefinitionExpressions expressions =
                definition.isStrict()
                        ? new DefinitionExpressions(definition.standingColumns())
                        : new DefinitionExpressions(scope);
        BoundExpression bound = expressions.bind(expression);
        return bound.evaluate(
                DefinitionExpressions.evaluation(0)
                        .moveTo(slot ->
                                definition.isStrict()
                                        ? reader.column(definition.standingColumns().get(slot).id())
                                        : reader.value(new FieldPath(scope.paths().get(slot)))));
    }
}
