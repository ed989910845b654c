package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.plan.expression.Binder;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.ColumnScope;
import io.nodedb.plan.expression.DocumentScope;
import io.nodedb.plan.expression.Evaluation;
import io.nodedb.plan.expression.Expr;
import io.nodedb.plan.expression.ExprParts;
import io.nodedb.plan.expression.FieldScope;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Binds the expressions of a definition, always in UTC: what a definition says must not depend on
 * who writes a row. Owned by one thread.
 */
public final class DefinitionExpressions {
    private static final Casting UTC = new Casting(ZoneOffset.UTC);

    private final FieldScope scope;
    private final Binder binder;

    /** Over these columns, whose slots are their places in the list. */
    public DefinitionExpressions(List<ColumnDefinition> columns) {
        SequencedMap<String, Type> types = new LinkedHashMap<>();
        columns.forEach(column -> types.put(column.name(), column.type()));
        scope = new ColumnScope(types);
        binder = new Binder(scope, ZoneOffset.UTC);
    }

    /** Over documents, whose paths the scope numbers. */
    public DefinitionExpressions(DocumentScope scope) {
        this.scope = scope;
        binder = new Binder(scope, ZoneOffset.UTC);
    }

    static DefinitionExpressions of(CollectionKind kind, List<ColumnDefinition> columns) {
        return switch (kind) {
            case SCHEMALESS -> new DefinitionExpressions(new DocumentScope());
            case STRICT ->
                    new DefinitionExpressions(
                            columns.stream().filter(ColumnDefinition::stands).toList());
        };
    }

    /** How these expressions are evaluated: without parameters, in UTC. */
    public static Evaluation evaluation(long nowMicros) {
        return new Evaluation(List.of(), nowMicros, UTC);
    }

    public FieldScope scope() {
        return scope;
    }

    /** Any expression. */
    public BoundExpression bind(Expr expression) {
        requireSound(expression);
        return binder.bind(expression);
    }

    /** A condition. */
    public BoundExpression bindCondition(Expr expression) {
        requireSound(expression);
        return binder.bindCondition(expression);
    }

    /**
     * An expression whose result {@link #stored} turns into a value of {@code target}; {@link
     * ErrorCode#TYPE_MISMATCH} when there is no such conversion.
     */
    public BoundExpression bindFor(Expr expression, Type target) {
        requireSound(expression);
        boolean quoted =
                expression instanceof Expr.Literal(_, Type type) && type.tag() == TypeTag.NULL;
        BoundExpression bound = quoted ? binder.bind(expression, target) : binder.bind(expression);
        if (!Casting.isAssignable(bound.type(), target)) {
            throw new NodeDbException(
                    ErrorCode.TYPE_MISMATCH,
                    "An expression of type "
                            + bound.type()
                            + " can't be stored as "
                            + target
                            + ".");
        }
        return bound;
    }

    /** A result as a value of the type it is stored with. */
    public static Value stored(Value result, Type from, Type target) {
        return UTC.assign(result, from, target);
    }

    /** The value of an expression that names no field. */
    Value constant(Expr expression, Type target, long nowMicros) {
        requireNoField(expression);
        BoundExpression bound = bindFor(expression, target);
        return stored(bound.evaluate(evaluation(nowMicros)), bound.type(), target);
    }

    static void requireNoField(Expr expression) {
        if (!ExprParts.fields(expression).isEmpty()) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED, "cannot use column reference in DEFAULT expression.");
        }
    }

    static void requireImmutable(Expr expression, String where) {
        if (!ExprParts.isImmutable(expression)) {
            throw new NodeDbException(
                    ErrorCode.INVALID_OBJECT_DEFINITION,
                    "functions in " + where + " must be immutable.");
        }
    }

    /** What no writer of expressions makes, but a damaged catalog could hold. */
    private static void requireSound(Expr expression) {
        ExprParts.all(expression)
                .forEach(part -> {
                    if (part instanceof Expr.Parameter(int number)) {
                        throw new NodeDbException(
                                ErrorCode.UNDEFINED_PARAMETER,
                                "A definition has no parameters: parameter=$" + number + ".");
                    }
                    boolean sound =
                            switch (part) {
                                case Expr.Field(var path) -> !path.isEmpty();
                                case Expr.Literal(var value, var type) -> isOfType(value, type);
                                default -> true;
                            };
                    if (!sound) {
                        throw new NodeDbException(
                                ErrorCode.INVALID_DEFINITION,
                                "An expression holds a field without a name, or a constant that is not of"
                                        + " its type.");
                    }
                });
    }

    /** Is a value what a column or constant of a type may hold? */
    static boolean isOfType(Value value, Type type) {
        if (value.isNull() || type.tag() == TypeTag.ANY || type.tag() == TypeTag.JSON) {
            return true;
        }
        return switch (type.tag()) {
            case NULL, TEXT, VARCHAR -> value.tag() == TypeTag.TEXT;
            case ARRAY ->
                    value instanceof Value.Array array
                            && array.elements().stream()
                                    .allMatch(element ->
                                            isOfType(element, type.elementType())
                                                    || (element instanceof Value.Array
                                                            && isOfType(element, type)));
            default -> value.tag() == type.tag();
        };
    }
}
