package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.binary.DocumentWriter;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.document.definition.FieldGuard;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.DocumentScope;
import io.nodedb.plan.expression.Evaluation;
import io.nodedb.plan.expression.Expr;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Documents, as far as their fields are guarded. Owned by one thread. */
final class SchemalessRules implements KindRules {
    private final List<Guard> guards;
    private final RowChecks checks;
    private final RowKeys keys;
    private final DocumentWriter writer = new DocumentWriter();
    private final ValuesRow.OfDocument row;

    /** A guard with its expressions bound. */
    private record Guard(
            FieldPath path,
            List<Type> types,
            FieldGuard.Requirement required,
            @Nullable BoundExpression otherwise,
            @Nullable BoundExpression computed,
            @Nullable BoundExpression check) {}

    SchemalessRules(CollectionDefinition definition, RowKeys keys) {
        this.keys = keys;
        DocumentScope scope = new DocumentScope();
        DefinitionExpressions expressions = new DefinitionExpressions(scope);
        guards = definition.guards().stream().map(guard -> bound(guard, expressions)).toList();
        checks = RowChecks.of(definition.checks(), expressions);
        row = new ValuesRow.OfDocument(scope.paths());
    }

    private static Guard bound(FieldGuard guard, DefinitionExpressions expressions) {
        Expr check = guard.check();
        return new Guard(
                guard.path(),
                guard.types(),
                guard.required(),
                bound(guard.otherwise(), expressions),
                bound(guard.computed(), expressions),
                check == null ? null : expressions.bindCondition(check));
    }

    private static @Nullable BoundExpression bound(
            @Nullable Expr expression, DefinitionExpressions expressions) {
        return expression == null ? null : expressions.bind(expression);
    }

    @Override
    public Value.Document complete(Value.Document given, RowPurpose purpose, long nowMicros) {
        Evaluation evaluation = DefinitionExpressions.evaluation(nowMicros);
        Value.Document document = given;
        if (purpose == RowPurpose.INSERT) {
            document = fill(document, evaluation);
        }
        for (Guard guard : guards) {
            Value value = FieldTree.get(document, guard.path().steps());
            if (value != null && guard.computed() == null) {
                document = put(document, guard, value, typed(guard, value));
            }
        }
        document = compute(document, evaluation);
        evaluation.moveTo(row.moveTo(document));
        for (Guard guard : guards) {
            require(guard, document, evaluation);
        }
        checks.require(evaluation);
        return document;
    }

    /** Guards are asked of rows to come only. */
    @Override
    public void verify(Value.Document stored, long nowMicros) {
        checks.require(DefinitionExpressions.evaluation(nowMicros).moveTo(row.moveTo(stored)));
    }

    private Value.Document fill(Value.Document given, Evaluation evaluation) {
        Value.Document document = given;
        FieldPath generatedKey = keys.generated();
        if (generatedKey != null) {
            Value key = FieldTree.get(document, generatedKey.steps());
            if (key == null || key.isNull()) {
                document = FieldTree.with(document, generatedKey, keys.newId());
            }
        }
        for (Guard guard : guards) {
            BoundExpression otherwise = guard.otherwise();
            if (otherwise != null && FieldTree.get(document, guard.path().steps()) == null) {
                document = FieldTree.with(document, guard.path(), otherwise.evaluate(evaluation));
            }
        }
        return document;
    }

    private Value.Document compute(Value.Document typed, Evaluation evaluation) {
        evaluation.moveTo(row.moveTo(typed));
        Value.Document document = typed;
        for (Guard guard : guards) {
            BoundExpression computed = guard.computed();
            if (computed == null) {
                continue;
            }
            Value value = typed(guard, evaluated(guard, computed, evaluation));
            Value given = FieldTree.get(typed, guard.path().steps());
            if (given != null && !ValueOrder.equal(given, value)) {
                throw new RowRefusedException(
                        ErrorCode.GENERATED_ALWAYS,
                        guard.path(),
                        "A computed field has another value: field=" + guard.path() + ".");
            }
            document = put(document, guard, given, value);
        }
        return document;
    }

    private static Value evaluated(Guard guard, BoundExpression computed, Evaluation evaluation) {
        try {
            return computed.evaluate(evaluation);
        } catch (NodeDbException refused) {
            throw RowRefusedException.of(guard.path(), refused);
        }
    }

    /** The same document where nothing changes, so that its bytes can stay. */
    private static Value.Document put(
            Value.Document document, Guard guard, @Nullable Value before, Value after) {
        return after.equals(before) ? document : FieldTree.with(document, guard.path(), after);
    }

    private static Value typed(Guard guard, Value value) {
        Value taken = Coercion.forGuard(value, guard.types());
        if (taken == null) {
            throw new RowRefusedException(
                    ErrorCode.TYPE_GUARD_VIOLATION,
                    guard.path(),
                    "A field has a type that its guard does not allow: field="
                            + guard.path()
                            + " type="
                            + value.tag().sqlName()
                            + " allowed="
                            + guard.types().stream()
                                    .map(Type::sqlName)
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        return taken;
    }

    private static void require(Guard guard, Value.Document document, Evaluation evaluation) {
        Value value = FieldTree.get(document, guard.path().steps());
        if (guard.required() == FieldGuard.Requirement.REQUIRED
                && (value == null || value.isNull())) {
            throw new RowRefusedException(
                    ErrorCode.NOT_NULL_VIOLATION,
                    guard.path(),
                    "A field that its guard requires is "
                            + (value == null ? "missing" : "null")
                            + ": field="
                            + guard.path()
                            + ".");
        }
        BoundExpression check = guard.check();
        if (check != null && check.test(evaluation) == BoundExpression.FALSE) {
            throw new RowRefusedException(
                    ErrorCode.TYPE_GUARD_VIOLATION,
                    guard.path(),
                    "A field's value fails the check of its guard: field=" + guard.path() + ".");
        }
    }

    @Override
    public byte[] write(Value.Document complete) {
        return writer.clear().put(complete).toByteArray();
    }

    @Override
    public Value.Document withoutComputed(Value.Document stored) {
        Value.Document document = stored;
        for (Guard guard : guards) {
            if (guard.computed() != null) {
                document = FieldTree.without(document, guard.path());
            }
        }
        return document;
    }
}
