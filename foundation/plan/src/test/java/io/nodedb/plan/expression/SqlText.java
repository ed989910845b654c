package io.nodedb.plan.expression;

import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes an expression as the SQL that PostgreSQL reads. */
final class SqlText {
    private static final Casting UTC = new Casting(ZoneOffset.UTC);

    private SqlText() {}

    static String of(Expr expression) {
        return switch (expression) {
            case Expr.Literal literal -> literal(literal);
            case Expr.Field(var path) -> path.getFirst();
            case Expr.Parameter(int number) -> "$" + number;
            case Expr.Compare(var comparison, var a, var b) -> infix(a, comparison.symbol(), b);
            case Expr.Binary(var operator, var a, var b) -> infix(a, operator.symbol(), b);
            case Expr.Negate(var operand) -> "(- " + of(operand) + ")";
            case Expr.And(var operands) -> joined(operands, " AND ");
            case Expr.Or(var operands) -> joined(operands, " OR ");
            case Expr.Not(var operand) -> "(NOT " + of(operand) + ")";
            case Expr.IsNull(var operand) -> "(" + of(operand) + " IS NULL)";
            case Expr.IsTruth(var operand, boolean expected) ->
                    "(" + of(operand) + (expected ? " IS TRUE)" : " IS FALSE)");
            case Expr.Like(var operand, var pattern, var escape, boolean ignoringCase) ->
                    "("
                            + of(operand)
                            + (ignoringCase ? " ILIKE " : " LIKE ")
                            + of(pattern)
                            + optional(" ESCAPE ", escape)
                            + ")";
            case Expr.In(var operand, var options) ->
                    "(" + of(operand) + " IN " + joined(options, ", ") + ")";
            case Expr.Between(var operand, var low, var high) ->
                    "(" + of(operand) + " BETWEEN " + of(low) + " AND " + of(high) + ")";
            case Expr.Case(var operand, var whens, var otherwise) ->
                    "(CASE"
                            + optional(" ", operand)
                            + whens.stream()
                                    .map(when ->
                                            " WHEN "
                                                    + of(when.condition())
                                                    + " THEN "
                                                    + of(when.result()))
                                    .collect(Collectors.joining())
                            + optional(" ELSE ", otherwise)
                            + " END)";
            case Expr.Coalesce(var operands) -> "coalesce" + joined(operands, ", ");
            case Expr.NullIf(var a, var b) -> "nullif(" + of(a) + ", " + of(b) + ")";
            case Expr.Cast(var operand, var type, _) ->
                    "CAST(" + of(operand) + " AS " + type.sqlName() + ")";
            case Expr.Call(var function, var arguments) -> call(function, arguments);
            case Expr.ArrayOf(var elements) ->
                    "ARRAY["
                            + elements.stream().map(SqlText::of).collect(Collectors.joining(", "))
                            + "]";
        };
    }

    /** A query of the expression's type, text and nullness over one row of these columns. */
    static String query(Expr expression, SequencedMap<String, Expr.Literal> columns) {
        String row =
                columns.entrySet().stream()
                        .map(column -> literal(column.getValue()) + " AS " + column.getKey())
                        .collect(Collectors.joining(", "));
        return "SELECT pg_typeof(v), v::text, v IS NULL FROM (SELECT "
                + of(expression)
                + " FROM (SELECT "
                + (row.isEmpty() ? "1" : row)
                + " OFFSET 0) r) t(v)";
    }

    private static String call(String function, List<Expr> arguments) {
        return switch (function) {
            case "extract" ->
                    "extract("
                            + ((io.nodedb.base.value.Value.Text)
                                            ((Expr.Literal) arguments.get(0)).value())
                                    .value()
                            + " FROM "
                            + of(arguments.get(1))
                            + ")";
            case "position" ->
                    "position(" + of(arguments.get(0)) + " IN " + of(arguments.get(1)) + ")";
            case "trim" -> "btrim" + joined(arguments, ", ");
            default -> function + joined(arguments, ", ");
        };
    }

    private static String literal(Expr.Literal literal) {
        if (literal.value().isNull()) {
            return literal.type().tag() == io.nodedb.base.value.TypeTag.NULL
                    ? "NULL"
                    : "NULL::" + literal.type().sqlName();
        }
        String text =
                UTC.write(literal.value(), literal.type().isDynamic() ? Type.TEXT : literal.type());
        String quoted = "'" + text.replace("'", "''") + "'";
        return literal.type().isDynamic()
                ? quoted
                : "CAST(" + quoted + " AS " + literal.type().sqlName() + ")";
    }

    private static String infix(Expr a, String symbol, Expr b) {
        return "(" + of(a) + " " + symbol + " " + of(b) + ")";
    }

    private static String joined(List<Expr> operands, String separator) {
        return operands.stream().map(SqlText::of).collect(Collectors.joining(separator, "(", ")"));
    }

    private static String optional(String word, @Nullable Expr expression) {
        return expression == null ? "" : word + of(expression);
    }
}
