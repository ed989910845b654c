package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's implicit conversions: which type two operands meet in, and what an operator gives.
 */
final class TypeRules {
    private TypeRules() {}

    /** Is it a quoted literal, NULL or a parameter whose type is still open? */
    static boolean isOpen(Type type) {
        return type.tag() == TypeTag.NULL;
    }

    static boolean isAny(Type type) {
        return type.tag() == TypeTag.ANY;
    }

    /** The type in which two operands can be compared or returned; null when there is none. */
    static @Nullable Type common(Type a, Type b) {
        if (isOpen(a)) {
            return isOpen(b) ? Type.TEXT : b;
        }
        if (isOpen(b) || a.equals(b)) {
            return a;
        }
        if (isAny(a) || isAny(b)) {
            return Type.ANY;
        }
        if (a.tag().isNumber() && b.tag().isNumber()) {
            return number(a, b);
        }
        if (a.tag().isText() && b.tag().isText()) {
            return Type.TEXT;
        }
        if (a.isArray() && b.isArray()) {
            Type element = common(a.elementType(), b.elementType());
            return element == null ? null : Type.array(element);
        }
        int rank = Math.max(momentRank(a), momentRank(b));
        if (momentRank(a) > 0 && momentRank(b) > 0) {
            return rank == 3 ? Type.TIMESTAMPTZ : rank == 2 ? Type.TIMESTAMP : Type.DATE;
        }
        return a.tag() == b.tag() ? Type.of(a.tag()) : null;
    }

    /** The type in which two operands are compared: a time converts to an interval unasked. */
    static @Nullable Type compared(Type a, Type b) {
        return isClockPair(a, b) || isClockPair(b, a) ? Type.INTERVAL : common(a, b);
    }

    private static boolean isClockPair(Type a, Type b) {
        return a.tag() == TypeTag.TIME && b.tag() == TypeTag.INTERVAL;
    }

    /** Does PostgreSQL compare the two types without converting one? Then NULLIF keeps the left. */
    static boolean comparesAcross(Type a, Type b) {
        return (a.tag().isInteger() && b.tag().isInteger())
                || (momentRank(a) > 0 && momentRank(b) > 0);
    }

    private static int momentRank(Type type) {
        return switch (type.tag()) {
            case DATE -> 1;
            case TIMESTAMP -> 2;
            case TIMESTAMPTZ -> 3;
            default -> 0;
        };
    }

    static Type number(Type a, Type b) {
        TypeTag x = a.tag();
        TypeTag y = b.tag();
        if (x == y) {
            return Type.of(x);
        }
        if (x.isFloat() || y.isFloat()) {
            return Type.FLOAT8;
        }
        if (x == TypeTag.DECIMAL || y == TypeTag.DECIMAL) {
            return Type.DECIMAL;
        }
        return x.number() > y.number() ? Type.of(x) : Type.of(y);
    }

    /** What an operator of two known types gives; null when PostgreSQL has none such. */
    static @Nullable Type result(Operator operator, Type a, Type b) {
        if (isAny(a) || isAny(b)) {
            return operator == Operator.JSON_GET_TEXT || operator == Operator.JSON_PATH_TEXT
                    ? Type.TEXT
                    : operator.isJson() ? Type.JSON : Type.ANY;
        }
        return switch (operator) {
            case CONCAT -> concat(a, b);
            case JSON_GET, JSON_PATH -> a.tag() == TypeTag.JSON ? Type.JSON : null;
            case JSON_GET_TEXT, JSON_PATH_TEXT -> a.tag() == TypeTag.JSON ? Type.TEXT : null;
            case POWER -> !a.tag().isNumber() || !b.tag().isNumber() ? null : Type.FLOAT8;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> arithmetic(operator, a, b);
        };
    }

    private static @Nullable Type concat(Type a, Type b) {
        if (a.isArray() || b.isArray()) {
            if (a.isArray() && b.isArray()) {
                return common(a, b);
            }
            Type array = a.isArray() ? a : b;
            Type element = common(array.elementType(), a.isArray() ? b : a);
            return element == null ? null : Type.array(element);
        }
        if (a.tag() == b.tag() && (a.tag() == TypeTag.BYTEA || a.tag() == TypeTag.JSON)) {
            return a;
        }
        return a.tag().isText() || b.tag().isText() ? Type.TEXT : null;
    }

    private static @Nullable Type arithmetic(Operator operator, Type a, Type b) {
        if (operator == Operator.ADD && a.tag() == TypeTag.TIME && b.tag() == TypeTag.TIME) {
            throw new NodeDbException(
                    ErrorCode.AMBIGUOUS_FUNCTION,
                    "operator is not unique: " + a.sqlName() + " + " + b.sqlName() + ".");
        }
        if (a.tag().isNumber() && b.tag().isNumber()) {
            Type type = number(a, b);
            return operator == Operator.MODULO && type.tag().isFloat() ? null : type;
        }
        return switch (operator) {
            case ADD -> {
                Type sum = sum(a, b);
                yield sum == null ? sum(b, a) : sum;
            }
            case SUBTRACT -> difference(a, b);
            case MULTIPLY ->
                    (isSpan(a) && b.tag().isNumber()) || (isSpan(b) && a.tag().isNumber())
                            ? Type.INTERVAL
                            : null;
            case DIVIDE -> isSpan(a) && b.tag().isNumber() ? Type.INTERVAL : null;
            default -> null;
        };
    }

    private static boolean isSpan(Type type) {
        return type.tag() == TypeTag.INTERVAL || type.tag() == TypeTag.TIME;
    }

    private static @Nullable Type sum(Type a, Type b) {
        return switch (a.tag()) {
            case DATE ->
                    switch (b.tag()) {
                        case INT2, INT4 -> Type.DATE;
                        case INTERVAL, TIME -> Type.TIMESTAMP;
                        default -> null;
                    };
            case TIMESTAMP, TIMESTAMPTZ ->
                    b.tag() == TypeTag.INTERVAL || b.tag() == TypeTag.TIME
                            ? Type.of(a.tag())
                            : null;
            case TIME -> b.tag() == TypeTag.INTERVAL ? Type.TIME : null;
            case INTERVAL -> b.tag() == TypeTag.INTERVAL ? Type.INTERVAL : null;
            default -> null;
        };
    }

    private static @Nullable Type difference(Type a, Type b) {
        if (a.tag() == TypeTag.DATE && b.tag() == TypeTag.DATE) {
            return Type.INT4;
        }
        if (momentRank(a) > 0 && momentRank(b) > 0) {
            return Type.INTERVAL;
        }
        if (a.tag() == TypeTag.TIME && b.tag() == TypeTag.TIME) {
            return Type.INTERVAL;
        }
        if (b.tag() == TypeTag.TIME && a.tag() == TypeTag.INTERVAL) {
            return Type.INTERVAL;
        }
        return sum(a, b);
    }

    /** The type of an open operand, by the other one. */
    static Type closed(Operator operator, Type other) {
        return switch (other.tag()) {
            case TIMESTAMP, TIMESTAMPTZ ->
                    operator == Operator.SUBTRACT ? Type.of(other.tag()) : Type.INTERVAL;
            case TIME -> Type.INTERVAL;
            case NULL, ANY -> Type.TEXT;
            default -> operator == Operator.CONCAT && !other.isArray() ? Type.TEXT : other;
        };
    }

    /** Has PostgreSQL an explicit cast? Text converts to and from everything. */
    static boolean isCastable(Type from, Type to) {
        TypeTag a = from.tag();
        TypeTag b = to.tag();
        if (from.isDynamic() || to.isDynamic() || a == b || a.isText() || b.isText()) {
            return true;
        }
        return switch (a) {
            case BOOL -> b == TypeTag.INT4 || b == TypeTag.JSON;
            case INT4 -> b.isNumber() || b == TypeTag.BOOL || b == TypeTag.JSON;
            case INT2, INT8, FLOAT4, FLOAT8, DECIMAL -> b.isNumber() || b == TypeTag.JSON;
            case DATE -> momentRank(to) > 0 || b == TypeTag.JSON;
            case TIMESTAMP, TIMESTAMPTZ ->
                    momentRank(to) > 0 || b == TypeTag.TIME || b == TypeTag.JSON;
            case TIME -> b == TypeTag.INTERVAL || b == TypeTag.JSON;
            case INTERVAL -> b == TypeTag.TIME || b == TypeTag.JSON;
            case JSON -> true;
            default -> b == TypeTag.JSON;
        };
    }

    /** PostgreSQL tells two types of a kind from types that have nothing in common. */
    static NodeDbException unmatched(String place, Type a, Type b) {
        boolean bothTimes = isTime(a) && isTime(b);
        return new NodeDbException(
                bothTimes ? ErrorCode.CANNOT_CAST : ErrorCode.TYPE_MISMATCH,
                place + " types " + a.sqlName() + " and " + b.sqlName() + " cannot be matched.");
    }

    static boolean isMoment(Type type) {
        return momentRank(type) > 1 || type.tag() == TypeTag.INTERVAL;
    }

    private static boolean isTime(Type type) {
        return momentRank(type) > 0 || type.tag() == TypeTag.TIME;
    }

    static NodeDbException undefined(Type a, String symbol, Type b) {
        return new NodeDbException(
                ErrorCode.UNDEFINED_FUNCTION,
                "operator does not exist: " + a.sqlName() + " " + symbol + " " + b.sqlName() + ".");
    }
}
