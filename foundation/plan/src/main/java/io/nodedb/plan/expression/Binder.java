package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Resolves an expression's names and types: inserts PostgreSQL's implicit conversions, chooses
 * operators and overloads, reads quoted literals as the type that the context asks for, and finds
 * the types of open parameters. Owned by one thread; it collects the parameters of all it binds.
 *
 * <p>Failures: 42883 no such function or operator; 42804 types that can't be matched; 42703 an
 * unknown column; 54000 an expression nested deeper than {@link Expr#MAX_NESTING}; and the errors
 * of literals that are not of their type.
 */
public final class Binder {
    private final FieldScope scope;
    private final Casting casting;
    private final Map<Integer, Type> parameterTypes = new TreeMap<>();
    private int depth;

    /** Literals with a time are read in {@code zone}. */
    public Binder(FieldScope scope, ZoneId zone) {
        this.scope = scope;
        casting = new Casting(zone);
    }

    /** Says a parameter's type beforehand, as a client can. */
    public Binder parameter(int number, Type type) {
        parameterTypes.put(number, type);
        return this;
    }

    /** The types of all parameters met so far, by number. */
    public Map<Integer, Type> parameterTypes() {
        return new TreeMap<>(parameterTypes);
    }

    /** The expression; what is open to the end is TEXT. */
    public BoundExpression bind(Expr expression) {
        depth = 0;
        return closed(open(expression), Type.TEXT);
    }

    /** The expression as one of a wanted type, converted as a cast would. */
    public BoundExpression bind(Expr expression, Type wanted) {
        depth = 0;
        return converted(open(expression), wanted);
    }

    /** A condition: must be boolean. */
    public BoundExpression bindCondition(Expr expression) {
        depth = 0;
        return condition(expression, "WHERE");
    }

    /** Bound as far as its own parts tell: the type can be open. */
    private BoundExpression open(Expr expression) {
        if (++depth > Expr.MAX_NESTING) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "An expression is nested too deep: limit=" + Expr.MAX_NESTING + ".");
        }
        BoundExpression bound =
                switch (expression) {
                    case Expr.Literal(var value, var type) -> new Leaves.Constant(value, type);
                    case Expr.Field(var path) -> field(path);
                    case Expr.Parameter(int number) ->
                            new Leaves.ParameterOf(
                                    number, parameterTypes.getOrDefault(number, Type.NULL));
                    case Expr.Compare(var comparison, var left, var right) ->
                            compare(comparison, open(left), open(right));
                    case Expr.Binary(var operator, var left, var right) ->
                            binary(operator, open(left), open(right));
                    case Expr.Negate(var operand) -> negate(open(operand));
                    case Expr.And(var operands) ->
                            new Conditions.AllOf(conditions(operands, "AND"));
                    case Expr.Or(var operands) -> new Conditions.OneOf(conditions(operands, "OR"));
                    case Expr.Not(var operand) -> new Conditions.Inverse(condition(operand, "NOT"));
                    case Expr.IsNull(var operand) ->
                            new Conditions.NullTest(closed(open(operand), Type.TEXT));
                    case Expr.IsTruth(var operand, boolean expected) ->
                            new Conditions.TruthTest(
                                    condition(operand, "IS"),
                                    expected ? BoundExpression.TRUE : BoundExpression.FALSE);
                    case Expr.Like like -> like(like);
                    case Expr.In(var operand, var options) -> in(operand, options);
                    case Expr.Between(var operand, var low, var high) ->
                            new Conditions.AllOf(
                                    List.of(
                                            compare(
                                                    Comparison.GREATER_OR_EQUAL,
                                                    open(operand),
                                                    open(low)),
                                            compare(
                                                    Comparison.LESS_OR_EQUAL,
                                                    open(operand),
                                                    open(high))));
                    case Expr.Case choice -> choice(choice);
                    case Expr.Coalesce(var operands) -> {
                        List<BoundExpression> operandsOf = all(operands);
                        Type type = commonType(operandsOf, "COALESCE");
                        yield new Computations.FirstNotNull(convertedAll(operandsOf, type), type);
                    }
                    case Expr.NullIf(var left, var right) -> nullIf(open(left), open(right));
                    case Expr.Cast(var operand, var type, boolean trying) ->
                            cast(open(operand), type, trying);
                    case Expr.Call(var function, var arguments) -> call(function, arguments);
                    case Expr.ArrayOf(var elements) -> {
                        List<BoundExpression> operandsOf = all(elements);
                        Type type = commonType(operandsOf, "ARRAY");
                        yield new Computations.ArrayValue(
                                convertedAll(operandsOf, type), Type.array(type));
                    }
                };
        depth--;
        return bound;
    }

    private List<BoundExpression> all(List<Expr> expressions) {
        List<BoundExpression> bound = new ArrayList<>();
        for (Expr expression : expressions) {
            bound.add(open(expression));
        }
        return bound;
    }

    private BoundExpression field(List<String> path) {
        FieldScope.ScopeField field = scope.resolve(path);
        BoundExpression column = new Leaves.FieldOf(field.slot(), field.type());
        return field.rest().isEmpty() ? column : new Leaves.Inside(column, field.rest());
    }

    /** An open operand as one of {@code type}; any other as it is. */
    private BoundExpression closed(BoundExpression operand, Type type) {
        return TypeRules.isOpen(operand.type()) ? converted(operand, type) : operand;
    }

    private BoundExpression converted(BoundExpression operand, Type type) {
        if (operand instanceof Leaves.ParameterOf parameter && TypeRules.isOpen(parameter.type())) {
            parameterTypes.merge(parameter.number(), type, (first, _) -> first);
            BoundExpression known =
                    new Leaves.ParameterOf(
                            parameter.number(),
                            parameterTypes.getOrDefault(parameter.number(), type));
            return converted(known, type);
        }
        if (operand.type().equals(type) || TypeRules.isAny(type)) {
            return TypeRules.isOpen(operand.type()) && operand instanceof Leaves.Constant constant
                    ? new Leaves.Constant(constant.value(), Type.TEXT)
                    : operand;
        }
        if (operand instanceof Leaves.Constant constant) {
            return constant(constant, type);
        }
        return new Leaves.CastOf(operand, type, false);
    }

    /**
     * A quoted literal is read at once; a cast that fails waits, as its branch may not be taken.
     */
    private BoundExpression constant(Leaves.Constant constant, Type type) {
        if (TypeRules.isOpen(constant.type()) && constant.value() instanceof Value.Text text) {
            return new Leaves.Constant(casting.read(text.value(), type), type);
        }
        try {
            return new Leaves.Constant(casting.cast(constant.value(), constant.type(), type), type);
        } catch (NodeDbException misfit) {
            return new Leaves.CastOf(constant, type, false);
        }
    }

    private List<BoundExpression> convertedAll(List<BoundExpression> operands, Type type) {
        return operands.stream().map(operand -> converted(operand, type)).toList();
    }

    private BoundExpression cast(BoundExpression operand, Type type, boolean trying) {
        if (!trying && operand instanceof Leaves.ParameterOf) {
            return converted(operand, type);
        }
        requireCast(operand.type(), type);
        if (operand instanceof Leaves.Constant && !trying) {
            return converted(operand, type);
        }
        return new Leaves.CastOf(closed(operand, Type.TEXT), type, trying);
    }

    private static void requireCast(Type from, Type to) {
        if (!TypeRules.isCastable(from, to)) {
            throw new NodeDbException(
                    ErrorCode.CANNOT_CAST,
                    "cannot cast type " + from.sqlName() + " to " + to.sqlName() + ".");
        }
    }

    private BoundExpression condition(Expr expression, String place) {
        BoundExpression bound = closed(open(expression), Type.BOOL);
        if (bound.type().tag() != TypeTag.BOOL && !TypeRules.isAny(bound.type())) {
            throw new NodeDbException(
                    ErrorCode.TYPE_MISMATCH,
                    "argument of "
                            + place
                            + " must be type boolean, not type "
                            + bound.type().sqlName()
                            + ".");
        }
        return bound;
    }

    private List<BoundExpression> conditions(List<Expr> expressions, String place) {
        List<BoundExpression> bound = new ArrayList<>();
        for (Expr expression : expressions) {
            bound.add(condition(expression, place));
        }
        return bound;
    }

    private BoundExpression compare(
            Comparison comparison, BoundExpression left, BoundExpression right) {
        Type common = TypeRules.compared(left.type(), right.type());
        boolean document = left.type().tag() == TypeTag.JSON || right.type().tag() == TypeTag.JSON;
        if (common == null && document) {
            // inside documents values have their own types and compare like schemaless fields
            return new Conditions.ValueCompare(comparison, left, right);
        }
        if (common == null) {
            throw TypeRules.undefined(left.type(), comparison.symbol(), right.type());
        }
        if (TypeRules.isAny(common)) {
            BoundExpression a = closed(left, Type.TEXT);
            BoundExpression b = closed(right, Type.TEXT);
            boolean inPlace =
                    a instanceof Leaves.FieldOf
                            && b instanceof Leaves.Constant constant
                            && !constant.value().isNull()
                            && !comparison.isNullSafe();
            return inPlace
                    ? new Conditions.FieldCompare(
                            comparison, ((Leaves.FieldOf) a).slot(), ((Leaves.Constant) b).value())
                    : new Conditions.ValueCompare(comparison, a, b);
        }
        BoundExpression a = converted(left, common);
        BoundExpression b = converted(right, common);
        if (comparison.isNullSafe()) {
            return new Conditions.ValueCompare(comparison, a, b);
        }
        if (common.tag().isInteger()) {
            return new Conditions.LongCompare(comparison, a, b);
        }
        return common.tag() == TypeTag.FLOAT8
                ? new Conditions.DoubleCompare(comparison, a, b)
                : new Conditions.ValueCompare(comparison, a, b);
    }

    private BoundExpression binary(Operator operator, BoundExpression left, BoundExpression right) {
        BoundExpression a = left;
        BoundExpression b = right;
        if (operator.isJson()) {
            boolean byPath = operator == Operator.JSON_PATH || operator == Operator.JSON_PATH_TEXT;
            a = closed(left, Type.JSON);
            b = closed(right, byPath ? Type.array(Type.TEXT) : Type.TEXT);
        } else if (TypeRules.isOpen(left.type()) || TypeRules.isOpen(right.type())) {
            a = closed(left, TypeRules.closed(operator, right.type()));
            b = closed(right, TypeRules.closed(operator, left.type()));
        }
        Type type = TypeRules.result(operator, a.type(), b.type());
        boolean bothTimes = a.type().tag() == TypeTag.TIME && b.type().tag() == TypeTag.TIME;
        if (type != null && TypeRules.isMoment(type) && !bothTimes) {
            a = asInterval(a);
            b = asInterval(b);
        }
        if (type == null) {
            throw TypeRules.undefined(a.type(), operator.symbol(), b.type());
        }
        if (type.tag().isInteger() && a.type().tag().isInteger() && b.type().tag().isInteger()) {
            return new Computations.LongMath(operator, a, b, type);
        }
        boolean doubles =
                type.tag() == TypeTag.FLOAT8
                        && operator != Operator.POWER
                        && a.type().tag().isNumber()
                        && b.type().tag().isNumber();
        if (doubles) {
            return new Computations.DoubleMath(
                    operator, converted(a, Type.FLOAT8), converted(b, Type.FLOAT8));
        }
        return new Computations.ValueMath(operator, a, b, type);
    }

    /** A time that is added to a moment counts as an interval. */
    private BoundExpression asInterval(BoundExpression operand) {
        return operand.type().tag() == TypeTag.TIME ? converted(operand, Type.INTERVAL) : operand;
    }

    private BoundExpression negate(BoundExpression operand) {
        BoundExpression bound = asInterval(closed(operand, Type.FLOAT8));
        boolean fits =
                bound.type().tag().isNumber()
                        || bound.type().tag() == TypeTag.INTERVAL
                        || TypeRules.isAny(bound.type());
        if (!fits) {
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_FUNCTION,
                    "operator does not exist: - " + bound.type().sqlName() + ".");
        }
        return new Computations.Negation(bound, bound.type());
    }

    private BoundExpression like(Expr.Like like) {
        BoundExpression operand = textOperand(open(like.operand()), "~~");
        BoundExpression pattern = textOperand(open(like.pattern()), "~~");
        BoundExpression escape =
                like.escape() == null ? null : textOperand(open(like.escape()), "~~");
        String text = constantText(pattern);
        String escaping = escape == null ? "\\" : constantText(escape);
        LikePattern fixed =
                text == null || escaping == null
                        ? null
                        : LikePattern.of(text, escaping, like.ignoringCase());
        return new Conditions.LikeTest(operand, pattern, escape, like.ignoringCase(), fixed);
    }

    private static @Nullable String constantText(BoundExpression expression) {
        return expression instanceof Leaves.Constant constant
                        && constant.value() instanceof Value.Text text
                ? text.value()
                : null;
    }

    private BoundExpression textOperand(BoundExpression operand, String symbol) {
        BoundExpression bound = closed(operand, Type.TEXT);
        if (!bound.type().tag().isText() && !TypeRules.isAny(bound.type())) {
            throw TypeRules.undefined(bound.type(), symbol, Type.TEXT);
        }
        return bound;
    }

    private BoundExpression in(Expr operand, List<Expr> options) {
        BoundExpression value = open(operand);
        List<BoundExpression> bound = all(options);
        Type common = value.type();
        for (BoundExpression option : bound) {
            Type wider = TypeRules.compared(common, option.type());
            if (wider == null) {
                throw TypeRules.undefined(value.type(), "=", option.type());
            }
            common = wider;
        }
        Type type = common;
        return new Conditions.Member(
                converted(value, type),
                bound.stream()
                        .map(option -> converted(closed(option, openType(type)), type))
                        .toList());
    }

    private static Type openType(Type type) {
        return type.isDynamic() ? Type.TEXT : type;
    }

    private Type commonType(List<BoundExpression> operands, String place) {
        Type common = Type.NULL;
        for (BoundExpression operand : operands) {
            Type wider =
                    TypeRules.isOpen(common)
                            ? operand.type()
                            : TypeRules.common(common, operand.type());
            if (wider == null) {
                throw TypeRules.unmatched(place, common, operand.type());
            }
            common = wider;
        }
        return TypeRules.isOpen(common) ? Type.TEXT : common;
    }

    private BoundExpression choice(Expr.Case choice) {
        List<BoundExpression> conditions = new ArrayList<>();
        List<BoundExpression> results = new ArrayList<>();
        for (Expr.When when : choice.whens()) {
            Expr operand = choice.operand();
            conditions.add(
                    operand == null
                            ? condition(when.condition(), "CASE/WHEN")
                            : compare(Comparison.EQUAL, open(operand), open(when.condition())));
            results.add(open(when.result()));
        }
        BoundExpression otherwise = choice.otherwise() == null ? null : open(choice.otherwise());
        List<BoundExpression> branches = new ArrayList<>(results);
        if (otherwise != null) {
            branches.add(otherwise);
        }
        Type type = commonType(branches, "CASE");
        return new Computations.Choice(
                conditions,
                convertedAll(results, type),
                otherwise == null ? null : converted(otherwise, type),
                type);
    }

    private BoundExpression nullIf(BoundExpression left, BoundExpression right) {
        Type common = TypeRules.compared(left.type(), right.type());
        Type type = common == null ? openType(left.type()) : common;
        BoundExpression kept =
                TypeRules.comparesAcross(left.type(), right.type()) ? left : converted(left, type);
        return new Computations.NullWhenEqual(kept, compare(Comparison.EQUAL, kept, right));
    }

    private BoundExpression call(String name, List<Expr> arguments) {
        List<BoundExpression> bound = all(arguments);
        if (name.equals("greatest") || name.equals("least")) {
            Type type = commonType(bound, name.toUpperCase(java.util.Locale.ROOT));
            return new Computations.Extreme(
                    convertedAll(bound, type), name.equals("greatest"), type);
        }
        List<Type> types = bound.stream().map(BoundExpression::type).toList();
        if (types.stream().anyMatch(TypeRules::isAny) && Functions.isKnown(name)) {
            return new Computations.OpenCall(
                    name,
                    bound.stream().map(argument -> closed(argument, Type.TEXT)).toList(),
                    Functions.result(name, types.size()));
        }
        Function function = Functions.resolve(name, types);
        List<BoundExpression> converted = new ArrayList<>();
        for (int i = 0; i < bound.size(); i++) {
            Type wanted = function.argument(i);
            converted.add(
                    TypeRules.isAny(wanted)
                            ? closed(bound.get(i), Type.TEXT)
                            : converted(bound.get(i), wanted));
        }
        return new Computations.FunctionCall(function, converted);
    }
}
