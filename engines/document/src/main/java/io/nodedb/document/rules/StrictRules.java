package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.ColumnDefinition;
import io.nodedb.document.definition.ColumnSource;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.Nullability;
import io.nodedb.document.tuple.SchemaHistory;
import io.nodedb.document.tuple.TupleWriter;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of declared columns. Owned by one thread. */
final class StrictRules implements KindRules {
    private final List<ColumnDefinition> columns;
    private final Map<String, Integer> slots = new HashMap<>();
    private final @Nullable BoundExpression[] sources;
    private final RowChecks checks;
    private final RowKeys keys;
    private final TupleWriter writer;
    private final ValuesRow.OfColumns row = new ValuesRow.OfColumns();

    StrictRules(CollectionDefinition definition, SchemaHistory history, RowKeys keys) {
        this.keys = keys;
        columns = definition.standingColumns();
        DefinitionExpressions expressions = new DefinitionExpressions(columns);
        sources = new BoundExpression[columns.size()];
        for (int i = 0; i < sources.length; i++) {
            ColumnDefinition column = columns.get(i);
            slots.put(column.name(), i);
            sources[i] =
                    switch (column.source()) {
                        case ColumnSource.Given _ -> null;
                        case ColumnSource.Default(var expression) ->
                                expressions.bindFor(expression, column.type());
                        case ColumnSource.Generated(var expression) ->
                                expressions.bindFor(expression, column.type());
                    };
        }
        checks = RowChecks.of(definition.checks(), expressions);
        writer = new TupleWriter(history);
    }

    @Override
    public Value.Document complete(Value.Document given, RowPurpose purpose, long nowMicros) {
        Value[] values = new Value[columns.size()];
        boolean[] isGiven = new boolean[values.length];
        Arrays.fill(values, Value.NULL);
        take(given, values, isGiven);
        Evaluation evaluation =
                DefinitionExpressions.evaluation(nowMicros).moveTo(row.moveTo(values));
        if (purpose == RowPurpose.INSERT) {
            fillDefaults(values, isGiven, evaluation);
        }
        generate(values, isGiven, evaluation);
        require(values, evaluation);
        Map<String, Value> complete = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            complete.put(columns.get(i).name(), values[i]);
        }
        return new Value.Document(complete);
    }

    @Override
    public void verify(Value.Document stored, long nowMicros) {
        Value[] values = stored.fields().values().toArray(Value[]::new);
        require(values, DefinitionExpressions.evaluation(nowMicros).moveTo(row.moveTo(values)));
    }

    private void require(Value[] values, Evaluation evaluation) {
        for (int i = 0; i < values.length; i++) {
            if (values[i].isNull() && columns.get(i).nullability() == Nullability.NOT_NULL) {
                throw new RowRefusedException(
                        ErrorCode.NOT_NULL_VIOLATION,
                        path(i),
                        "null value in column \""
                                + columns.get(i).name()
                                + "\" violates not-null constraint.");
            }
        }
        checks.require(evaluation);
    }

    private void take(Value.Document given, Value[] values, boolean[] isGiven) {
        for (Map.Entry<String, Value> field : given.fields().entrySet()) {
            Integer slot = slots.get(field.getKey());
            if (slot == null) {
                throw new RowRefusedException(
                        ErrorCode.UNDEFINED_COLUMN,
                        FieldPath.of(field.getKey()),
                        "column \"" + field.getKey() + "\" does not exist.");
            }
            try {
                values[slot] = Coercion.forColumn(field.getValue(), columns.get(slot).type());
            } catch (NodeDbException refused) {
                throw RowRefusedException.of(path(slot), refused);
            }
            isGiven[slot] = true;
        }
    }

    private void fillDefaults(Value[] values, boolean[] isGiven, Evaluation evaluation) {
        FieldPath generatedKey = keys.generated();
        for (int i = 0; i < values.length; i++) {
            BoundExpression source = sources[i];
            if (generatedKey != null
                    && values[i].isNull()
                    && generatedKey.first().equals(columns.get(i).name())) {
                values[i] = keys.newId();
            } else if (!isGiven[i] && source != null && !columns.get(i).isGenerated()) {
                values[i] = evaluated(source, i, evaluation);
            }
        }
    }

    /** A given value passes only where it is what is generated, as after reading the row. */
    private void generate(Value[] values, boolean[] isGiven, Evaluation evaluation) {
        for (int i = 0; i < values.length; i++) {
            BoundExpression source = sources[i];
            if (source == null || !columns.get(i).isGenerated()) {
                continue;
            }
            Value generated = evaluated(source, i, evaluation);
            if (isGiven[i] && !ValueOrder.equal(values[i], generated)) {
                throw new RowRefusedException(
                        ErrorCode.GENERATED_ALWAYS,
                        path(i),
                        "cannot insert a non-DEFAULT value into column \""
                                + columns.get(i).name()
                                + "\".");
            }
            values[i] = generated;
        }
    }

    private Value evaluated(BoundExpression source, int slot, Evaluation evaluation) {
        try {
            return DefinitionExpressions.stored(
                    source.evaluate(evaluation), source.type(), columns.get(slot).type());
        } catch (NodeDbException refused) {
            throw RowRefusedException.of(path(slot), refused);
        }
    }

    @Override
    public byte[] write(Value.Document complete) {
        return writer.write(new ArrayList<>(complete.fields().values()));
    }

    @Override
    public Value.Document withoutComputed(Value.Document stored) {
        Map<String, Value> fields = new LinkedHashMap<>(stored.fields());
        for (ColumnDefinition column : columns) {
            if (column.isGenerated()) {
                fields.remove(column.name());
            }
        }
        return new Value.Document(fields);
    }

    private FieldPath path(int slot) {
        return FieldPath.of(columns.get(slot).name());
    }
}
