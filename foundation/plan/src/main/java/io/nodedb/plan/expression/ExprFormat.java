package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.ByteReader;
import io.nodedb.base.value.ByteWriter;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeFormat;
import io.nodedb.base.value.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression as bytes, for the catalog.
 *
 * <pre>
 * expression  byte 01 (version), node
 * node        byte kind, then its parts in the order of the record's components
 *             an enum: its number; a boolean: byte; a text: varint length, UTF-8
 *             a list: varint count, nodes; an optional node: byte 00, or 01 and the node
 * type        {@link TypeFormat}
 * </pre>
 *
 * <p>Failures: {@link ErrorCode#DATA_CORRUPTED} for bytes that {@link #write} does not give.
 */
public final class ExprFormat {
    private static final int VERSION = 1;

    private ExprFormat() {}

    public static byte[] write(Expr expression) {
        ByteWriter target = new ByteWriter().putByte(VERSION);
        write(expression, target);
        return target.toByteArray();
    }

    public static Expr read(byte[] bytes) {
        ByteReader source = new ByteReader(bytes);
        if (source.getByte() != VERSION) {
            throw source.corrupted("the version of an expression is unknown");
        }
        Expr expression = read(source, 0);
        if (source.remaining() > 0) {
            throw source.corrupted("something follows the expression");
        }
        return expression;
    }

    private static void write(Expr expression, ByteWriter target) {
        switch (expression) {
            case Expr.Literal(var value, var type) -> {
                TypeFormat.write(type, target.putByte(1));
                ValueFormat.write(value, target);
            }
            case Expr.Field(var path) -> {
                target.putByte(2).putVarint(path.size());
                path.forEach(target::putText);
            }
            case Expr.Parameter(int number) -> target.putByte(3).putVarint(number);
            case Expr.Compare(var comparison, var left, var right) ->
                    two(left, right, target.putByte(4).putByte(comparison.number()));
            case Expr.Binary(var operator, var left, var right) ->
                    two(left, right, target.putByte(5).putByte(operator.number()));
            case Expr.Negate(var operand) -> write(operand, target.putByte(6));
            case Expr.And(var operands) -> list(operands, target.putByte(7));
            case Expr.Or(var operands) -> list(operands, target.putByte(8));
            case Expr.Not(var operand) -> write(operand, target.putByte(9));
            case Expr.IsNull(var operand) -> write(operand, target.putByte(10));
            case Expr.IsTruth(var operand, boolean expected) -> {
                write(operand, target.putByte(11));
                target.putByte(expected ? 1 : 0);
            }
            case Expr.Like(var operand, var pattern, var escape, boolean ignoringCase) -> {
                two(operand, pattern, target.putByte(12));
                optional(escape, target);
                target.putByte(ignoringCase ? 1 : 0);
            }
            case Expr.In(var operand, var options) -> {
                write(operand, target.putByte(13));
                list(options, target);
            }
            case Expr.Between(var operand, var low, var high) -> {
                two(operand, low, target.putByte(14));
                write(high, target);
            }
            case Expr.Case(var operand, var whens, var otherwise) -> {
                optional(operand, target.putByte(15));
                target.putVarint(whens.size());
                whens.forEach(when -> two(when.condition(), when.result(), target));
                optional(otherwise, target);
            }
            case Expr.Coalesce(var operands) -> list(operands, target.putByte(16));
            case Expr.NullIf(var left, var right) -> two(left, right, target.putByte(17));
            case Expr.Cast(var operand, var type, boolean trying) -> {
                write(operand, target.putByte(18));
                TypeFormat.write(type, target);
                target.putByte(trying ? 1 : 0);
            }
            case Expr.Call(var function, var arguments) ->
                    list(arguments, target.putByte(19).putText(function));
            case Expr.ArrayOf(var elements) -> list(elements, target.putByte(20));
        }
    }

    private static void two(Expr first, Expr second, ByteWriter target) {
        write(first, target);
        write(second, target);
    }

    private static void list(List<Expr> nodes, ByteWriter target) {
        target.putVarint(nodes.size());
        nodes.forEach(node -> write(node, target));
    }

    private static void optional(@Nullable Expr node, ByteWriter target) {
        target.putByte(node == null ? 0 : 1);
        if (node != null) {
            write(node, target);
        }
    }

    private static Expr read(ByteReader source, int depth) {
        if (depth > Expr.MAX_NESTING) {
            throw source.corrupted("an expression is nested too deep");
        }
        int inner = depth + 1;
        int kind = source.getByte();
        return switch (kind) {
            case 1 -> {
                Type type = TypeFormat.read(source);
                yield new Expr.Literal(ValueFormat.read(source), type);
            }
            case 2 -> readField(source);
            case 3 -> new Expr.Parameter((int) source.getVarint());
            case 4 ->
                    new Expr.Compare(
                            readComparison(source), read(source, inner), read(source, inner));
            case 5 ->
                    new Expr.Binary(readOperator(source), read(source, inner), read(source, inner));
            case 6 -> new Expr.Negate(read(source, inner));
            case 7 -> new Expr.And(readList(source, inner));
            case 8 -> new Expr.Or(readList(source, inner));
            case 9 -> new Expr.Not(read(source, inner));
            case 10 -> new Expr.IsNull(read(source, inner));
            case 11 -> new Expr.IsTruth(read(source, inner), readFlag(source));
            case 12 ->
                    new Expr.Like(
                            read(source, inner),
                            read(source, inner),
                            readOptional(source, inner),
                            readFlag(source));
            case 13 -> new Expr.In(read(source, inner), readList(source, inner));
            case 14 ->
                    new Expr.Between(read(source, inner), read(source, inner), read(source, inner));
            case 15 -> readCase(source, inner);
            case 16 -> new Expr.Coalesce(readList(source, inner));
            case 17 -> new Expr.NullIf(read(source, inner), read(source, inner));
            case 18 ->
                    new Expr.Cast(read(source, inner), TypeFormat.read(source), readFlag(source));
            case 19 -> new Expr.Call(source.getText(), readList(source, inner));
            case 20 -> new Expr.ArrayOf(readList(source, inner));
            default -> throw source.corrupted("the kind of an expression is unknown: kind=" + kind);
        };
    }

    private static Expr readField(ByteReader source) {
        int count = source.getCount();
        List<String> path = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            path.add(source.getText());
        }
        return new Expr.Field(path);
    }

    private static Expr readCase(ByteReader source, int depth) {
        Expr operand = readOptional(source, depth);
        int count = source.getCount();
        List<Expr.When> whens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            whens.add(new Expr.When(read(source, depth), read(source, depth)));
        }
        return new Expr.Case(operand, whens, readOptional(source, depth));
    }

    private static List<Expr> readList(ByteReader source, int depth) {
        int count = source.getCount();
        List<Expr> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(read(source, depth));
        }
        return nodes;
    }

    private static @Nullable Expr readOptional(ByteReader source, int depth) {
        return readFlag(source) ? read(source, depth) : null;
    }

    private static boolean readFlag(ByteReader source) {
        int flag = source.getByte();
        if (flag > 1) {
            throw source.corrupted("a flag is neither 0 nor 1: flag=" + flag);
        }
        return flag == 1;
    }

    private static Comparison readComparison(ByteReader source) {
        int number = source.getByte();
        for (Comparison comparison : Comparison.values()) {
            if (comparison.number() == number) {
                return comparison;
            }
        }
        throw source.corrupted("a comparison is unknown: number=" + number);
    }

    private static Operator readOperator(ByteReader source) {
        int number = source.getByte();
        for (Operator operator : Operator.values()) {
            if (operator.number() == number) {
                return operator;
            }
        }
        throw source.corrupted("an operator is unknown: number=" + number);
    }
}
