package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Walks over expressions as they were written: which parts they have, and with other fields. */
public final class ExprParts {
    private static final Set<String> OF_THE_TIME =
            Set.of(
                    "now",
                    "current_timestamp",
                    "current_date",
                    "transaction_timestamp",
                    "statement_timestamp");

    private ExprParts() {}

    /**
     * The expression itself and everything in it; {@link ErrorCode#PROGRAM_LIMIT} when that is
     * nested deeper than {@link Expr#MAX_NESTING}.
     */
    public static List<Expr> all(Expr expression) {
        List<Expr> parts = new ArrayList<>();
        collect(expression, 1, parts);
        return parts;
    }

    private static void collect(Expr expression, int depth, List<Expr> parts) {
        if (depth > Expr.MAX_NESTING) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "An expression is nested too deep: limit=" + Expr.MAX_NESTING + ".");
        }
        parts.add(expression);
        for (Expr child : children(expression)) {
            collect(child, depth + 1, parts);
        }
    }

    /** The paths of all fields that are named. */
    public static List<List<String>> fields(Expr expression) {
        return all(expression).stream()
                .filter(part -> part instanceof Expr.Field)
                .map(part -> ((Expr.Field) part).path())
                .distinct()
                .toList();
    }

    /** Does the same row always give the same result? Zones aside, only the clock can tell. */
    public static boolean isImmutable(Expr expression) {
        return all(expression).stream().noneMatch(ExprParts::asksTheClock);
    }

    private static boolean asksTheClock(Expr part) {
        return part instanceof Expr.Call(var function, var arguments)
                && (OF_THE_TIME.contains(function)
                        || (function.equals("age") && arguments.size() == 1));
    }

    /** The operands, in the order in which they stand. */
    public static List<Expr> children(Expr expression) {
        return switch (expression) {
            case Expr.Literal _, Expr.Field _, Expr.Parameter _ -> List.of();
            case Expr.Compare(_, var left, var right) -> List.of(left, right);
            case Expr.Binary(_, var left, var right) -> List.of(left, right);
            case Expr.Negate(var operand) -> List.of(operand);
            case Expr.And(var operands) -> operands;
            case Expr.Or(var operands) -> operands;
            case Expr.Not(var operand) -> List.of(operand);
            case Expr.IsNull(var operand) -> List.of(operand);
            case Expr.IsTruth(var operand, _) -> List.of(operand);
            case Expr.Like(var operand, var pattern, var escape, _) ->
                    escape == null ? List.of(operand, pattern) : List.of(operand, pattern, escape);
            case Expr.In(var operand, var options) ->
                    Stream.concat(Stream.of(operand), options.stream()).toList();
            case Expr.Between(var operand, var low, var high) -> List.of(operand, low, high);
            case Expr.Case(var operand, var whens, var otherwise) ->
                    Stream.of(
                                    Stream.ofNullable(operand),
                                    whens.stream()
                                            .flatMap(when ->
                                                    Stream.of(when.condition(), when.result())),
                                    Stream.ofNullable(otherwise))
                            .flatMap(part -> part)
                            .toList();
            case Expr.Coalesce(var operands) -> operands;
            case Expr.NullIf(var left, var right) -> List.of(left, right);
            case Expr.Cast(var operand, _, _) -> List.of(operand);
            case Expr.Call(_, var arguments) -> arguments;
            case Expr.ArrayOf(var elements) -> elements;
        };
    }

    /** The same expression over other fields: {@code change} gives each path its new one. */
    public static Expr withFields(Expr expression, UnaryOperator<List<String>> change) {
        return switch (expression) {
            case Expr.Literal _, Expr.Parameter _ -> expression;
            case Expr.Field(var path) -> new Expr.Field(change.apply(path));
            case Expr.Compare(var comparison, var left, var right) ->
                    new Expr.Compare(
                            comparison, withFields(left, change), withFields(right, change));
            case Expr.Binary(var operator, var left, var right) ->
                    new Expr.Binary(operator, withFields(left, change), withFields(right, change));
            case Expr.Negate(var operand) -> new Expr.Negate(withFields(operand, change));
            case Expr.And(var operands) -> new Expr.And(eachOf(operands, change));
            case Expr.Or(var operands) -> new Expr.Or(eachOf(operands, change));
            case Expr.Not(var operand) -> new Expr.Not(withFields(operand, change));
            case Expr.IsNull(var operand) -> new Expr.IsNull(withFields(operand, change));
            case Expr.IsTruth(var operand, boolean expected) ->
                    new Expr.IsTruth(withFields(operand, change), expected);
            case Expr.Like(var operand, var pattern, var escape, boolean ignoringCase) ->
                    new Expr.Like(
                            withFields(operand, change),
                            withFields(pattern, change),
                            optional(escape, change),
                            ignoringCase);
            case Expr.In(var operand, var options) ->
                    new Expr.In(withFields(operand, change), eachOf(options, change));
            case Expr.Between(var operand, var low, var high) ->
                    new Expr.Between(
                            withFields(operand, change),
                            withFields(low, change),
                            withFields(high, change));
            case Expr.Case(var operand, var whens, var otherwise) ->
                    new Expr.Case(
                            optional(operand, change),
                            whens.stream()
                                    .map(when ->
                                            new Expr.When(
                                                    withFields(when.condition(), change),
                                                    withFields(when.result(), change)))
                                    .toList(),
                            optional(otherwise, change));
            case Expr.Coalesce(var operands) -> new Expr.Coalesce(eachOf(operands, change));
            case Expr.NullIf(var left, var right) ->
                    new Expr.NullIf(withFields(left, change), withFields(right, change));
            case Expr.Cast(var operand, var type, boolean trying) ->
                    new Expr.Cast(withFields(operand, change), type, trying);
            case Expr.Call(var function, var arguments) ->
                    new Expr.Call(function, eachOf(arguments, change));
            case Expr.ArrayOf(var elements) -> new Expr.ArrayOf(eachOf(elements, change));
        };
    }

    private static List<Expr> eachOf(List<Expr> parts, UnaryOperator<List<String>> change) {
        return parts.stream().map(part -> withFields(part, change)).toList();
    }

    private static @Nullable Expr optional(
            @Nullable Expr part, UnaryOperator<List<String>> change) {
        return part == null ? null : withFields(part, change);
    }
}
