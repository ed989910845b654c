package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bound operators and forms that give values. */
final class Computations {
    private Computations() {}

    /** Two integers, without an object. */
    record LongMath(Operator operator, BoundExpression left, BoundExpression right, Type type)
            implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            long result = evaluateLong(evaluation);
            return evaluation.wasNull() ? Value.NULL : NumberMath.whole(result, type);
        }

        @Override
        public long evaluateLong(Evaluation evaluation) {
            long a = left.evaluateLong(evaluation);
            boolean isNull = evaluation.wasNull();
            long b = right.evaluateLong(evaluation);
            isNull |= evaluation.wasNull();
            evaluation.setWasNull(isNull);
            return isNull ? 0 : NumberMath.checked(NumberMath.longs(operator, a, b), type);
        }

        @Override
        public double evaluateDouble(Evaluation evaluation) {
            return (double) evaluateLong(evaluation);
        }
    }

    /** Two doubles, without an object. */
    record DoubleMath(Operator operator, BoundExpression left, BoundExpression right)
            implements BoundExpression {
        @Override
        public Type type() {
            return Type.FLOAT8;
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            double result = evaluateDouble(evaluation);
            return evaluation.wasNull() ? Value.NULL : Value.of(result);
        }

        @Override
        public double evaluateDouble(Evaluation evaluation) {
            double a = left.evaluateDouble(evaluation);
            boolean isNull = evaluation.wasNull();
            double b = right.evaluateDouble(evaluation);
            isNull |= evaluation.wasNull();
            evaluation.setWasNull(isNull);
            return isNull ? 0 : NumberMath.doubles(operator, a, b);
        }
    }

    /** Any operator, chosen by the values. */
    record ValueMath(Operator operator, BoundExpression left, BoundExpression right, Type type)
            implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            Value a = left.evaluate(evaluation);
            Value b = right.evaluate(evaluation);
            boolean appends =
                    operator == Operator.CONCAT
                            && (left.type().isArray() || right.type().isArray());
            if (appends) {
                return append(a, b);
            }
            if (a.isNull() || b.isNull()) {
                return Value.NULL;
            }
            if (operator == Operator.CONCAT) {
                return concat(a, b, evaluation);
            }
            if (operator.isJson()) {
                return access(a, b);
            }
            return a instanceof Value.Numeric x && b instanceof Value.Numeric y
                    ? NumberMath.apply(operator, x, y)
                    : TimeMath.apply(operator, a, b, evaluation.casting().zone());
        }

        /** To arrays a NULL is an element, or nothing when it stands for an array. */
        private Value append(Value a, Value b) {
            List<Value> elements = new ArrayList<>();
            addTo(elements, a, left.type());
            addTo(elements, b, right.type());
            return a.isNull() && b.isNull() && left.type().isArray() && right.type().isArray()
                    ? Value.NULL
                    : new Value.Array(elements);
        }

        private static void addTo(List<Value> elements, Value value, Type type) {
            if (type.isArray()) {
                if (value instanceof Value.Array array) {
                    elements.addAll(array.elements());
                }
            } else {
                elements.add(value);
            }
        }

        private Value concat(Value a, Value b, Evaluation evaluation) {
            if (a instanceof Value.Bytes x && b instanceof Value.Bytes y) {
                byte[] joined = java.util.Arrays.copyOf(x.toArray(), x.length() + y.length());
                System.arraycopy(y.toArray(), 0, joined, x.length(), y.length());
                return new Value.Bytes(joined);
            }
            if (a instanceof Value.Document x && b instanceof Value.Document y) {
                Map<String, Value> fields = new LinkedHashMap<>(x.fields());
                fields.putAll(y.fields());
                return new Value.Document(fields);
            }
            if (a instanceof Value.Array || b instanceof Value.Array) {
                List<Value> elements = new ArrayList<>();
                addTo(elements, a, a instanceof Value.Array ? Type.array(Type.ANY) : Type.ANY);
                addTo(elements, b, b instanceof Value.Array ? Type.array(Type.ANY) : Type.ANY);
                return new Value.Array(elements);
            }
            if (!(a instanceof Value.Text) && !(b instanceof Value.Text)) {
                throw TypeRules.undefined(Casting.typeOf(a), "||", Casting.typeOf(b));
            }
            return Value.of(text(a, left.type(), evaluation) + text(b, right.type(), evaluation));
        }

        private static String text(Value value, Type type, Evaluation evaluation) {
            Value text = evaluation.casting().cast(value, type, Type.TEXT);
            return ((Value.Text) text).value();
        }

        private Value access(Value document, Value step) {
            return switch (operator) {
                case JSON_GET -> JsonAccess.get(document, step);
                case JSON_GET_TEXT -> JsonAccess.text(JsonAccess.get(document, step));
                case JSON_PATH -> JsonAccess.path(document, steps(step));
                default -> JsonAccess.text(JsonAccess.path(document, steps(step)));
            };
        }

        private static List<String> steps(Value path) {
            if (!(path instanceof Value.Array array)) {
                throw new NodeDbException(
                        ErrorCode.TYPE_MISMATCH, "a document's path must be of type text[].");
            }
            return array.elements().stream()
                    .map(step -> step instanceof Value.Text text ? text.value() : "")
                    .toList();
        }
    }

    record Negation(BoundExpression operand, Type type) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            return NumberMath.negate(operand.evaluate(evaluation));
        }
    }

    /** A CASE without operand: the binder turned one into comparisons. */
    record Choice(
            List<BoundExpression> conditions,
            List<BoundExpression> results,
            @Nullable BoundExpression otherwise,
            Type type)
            implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).isTrue(evaluation)) {
                    return results.get(i).evaluate(evaluation);
                }
            }
            return otherwise == null ? Value.NULL : otherwise.evaluate(evaluation);
        }
    }

    record FirstNotNull(List<BoundExpression> operands, Type type) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            for (BoundExpression operand : operands) {
                Value value = operand.evaluate(evaluation);
                if (!value.isNull()) {
                    return value;
                }
            }
            return Value.NULL;
        }
    }

    /**
     * NULLIF: {@code left}, or NULL when it equals. The result keeps the left operand's own type.
     */
    record NullWhenEqual(BoundExpression left, BoundExpression equality)
            implements BoundExpression {
        @Override
        public Type type() {
            return left.type();
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return equality.isTrue(evaluation) ? Value.NULL : left.evaluate(evaluation);
        }
    }

    /** GREATEST and LEAST, which skip NULL. */
    record Extreme(List<BoundExpression> operands, boolean greatest, Type type)
            implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            Value best = Value.NULL;
            for (BoundExpression operand : operands) {
                Value value = operand.evaluate(evaluation);
                if (value.isNull()) {
                    continue;
                }
                int order = best.isNull() ? 1 : ValueOrder.compare(value, best);
                if (best.isNull() || (greatest ? order > 0 : order < 0)) {
                    best = value;
                }
            }
            return best;
        }
    }

    record ArrayValue(List<BoundExpression> elements, Type type) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            List<Value> values = new ArrayList<>();
            for (BoundExpression element : elements) {
                values.add(element.evaluate(evaluation));
            }
            return new Value.Array(values);
        }
    }

    /** A function whose overload is known. */
    record FunctionCall(Function function, List<BoundExpression> arguments)
            implements BoundExpression {
        @Override
        public Type type() {
            return function.result();
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            Value[] values = new Value[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).evaluate(evaluation);
            }
            return function.call(values, evaluation);
        }
    }

    /** A function with schemaless arguments: the values choose the overload. */
    record OpenCall(String name, List<BoundExpression> arguments, Type type)
            implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            List<Value> values = new ArrayList<>();
            List<Type> types = new ArrayList<>();
            for (BoundExpression argument : arguments) {
                Value value = argument.evaluate(evaluation);
                values.add(value);
                types.add(value.isNull() ? Type.NULL : Casting.typeOf(value));
            }
            Function function = Functions.resolve(name, types);
            Value[] converted = new Value[values.size()];
            for (int i = 0; i < converted.length; i++) {
                Type wanted = function.argument(i);
                converted[i] = evaluation.casting().cast(values.get(i), Type.ANY, wanted);
            }
            return function.call(converted, evaluation);
        }
    }
}
