package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bound conditions: comparisons and three-valued logic. Both operands of a comparison are
 * evaluated, also when the first is NULL: an error in the second is told, as PostgreSQL does.
 */
final class Conditions {
    private Conditions() {}

    /** A condition computes its truth; the value follows. */
    interface Condition extends BoundExpression {
        @Override
        default Type type() {
            return Type.BOOL;
        }

        @Override
        default Value evaluate(Evaluation evaluation) {
            int truth = test(evaluation);
            return truth == UNKNOWN ? Value.NULL : Value.of(truth == TRUE);
        }

        @Override
        int test(Evaluation evaluation);
    }

    private static int truth(boolean value) {
        return value ? BoundExpression.TRUE : BoundExpression.FALSE;
    }

    /** Two integers. */
    record LongCompare(Comparison comparison, BoundExpression left, BoundExpression right)
            implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            long a = left.evaluateLong(evaluation);
            boolean isNull = evaluation.wasNull();
            long b = right.evaluateLong(evaluation);
            return isNull || evaluation.wasNull()
                    ? UNKNOWN
                    : truth(comparison.accepts(Long.compare(a, b)));
        }
    }

    /** Two doubles. */
    record DoubleCompare(Comparison comparison, BoundExpression left, BoundExpression right)
            implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            double a = left.evaluateDouble(evaluation);
            boolean isNull = evaluation.wasNull();
            double b = right.evaluateDouble(evaluation);
            return isNull || evaluation.wasNull()
                    ? UNKNOWN
                    : truth(comparison.accepts(ValueOrder.compareDoubles(a, b)));
        }
    }

    /** A schemaless field and a constant: the row compares in place, without an object. */
    record FieldCompare(Comparison comparison, int slot, Value constant) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            RowView row = evaluation.row();
            return row.isNull(slot)
                    ? UNKNOWN
                    : truth(comparison.accepts(row.compare(slot, constant)));
        }
    }

    /** Any two values, by the total order. */
    record ValueCompare(Comparison comparison, BoundExpression left, BoundExpression right)
            implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            Value a = left.evaluate(evaluation);
            Value b = right.evaluate(evaluation);
            if (!comparison.isNullSafe() && (a.isNull() || b.isNull())) {
                return UNKNOWN;
            }
            return truth(comparison.accepts(ValueOrder.compare(a, b)));
        }
    }

    /** All of them; stops at the first that is false. */
    record AllOf(List<BoundExpression> operands) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            int result = TRUE;
            for (BoundExpression operand : operands) {
                int truth = operand.test(evaluation);
                if (truth == FALSE) {
                    return FALSE;
                }
                result = truth == UNKNOWN ? UNKNOWN : result;
            }
            return result;
        }
    }

    /** One of them; stops at the first that is true. */
    record OneOf(List<BoundExpression> operands) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            int result = FALSE;
            for (BoundExpression operand : operands) {
                int truth = operand.test(evaluation);
                if (truth == TRUE) {
                    return TRUE;
                }
                result = truth == UNKNOWN ? UNKNOWN : result;
            }
            return result;
        }
    }

    record Inverse(BoundExpression operand) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            int truth = operand.test(evaluation);
            return truth == UNKNOWN ? UNKNOWN : 1 - truth;
        }
    }

    record NullTest(BoundExpression operand) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            return truth(operand.evaluate(evaluation).isNull());
        }
    }

    record TruthTest(BoundExpression operand, int expected) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            return truth(operand.test(evaluation) == expected);
        }
    }

    /** LIKE; {@code fixed} is the pattern when it is a constant. */
    record LikeTest(
            BoundExpression operand,
            BoundExpression pattern,
            @Nullable BoundExpression escape,
            boolean ignoringCase,
            @Nullable LikePattern fixed)
            implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            Value text = operand.evaluate(evaluation);
            Value wanted = fixed != null ? Value.NULL : pattern.evaluate(evaluation);
            Value escaping = escape == null ? Value.NULL : escape.evaluate(evaluation);
            boolean isNull = text.isNull() || (fixed == null && wanted.isNull());
            if (isNull || (escape != null && escaping.isNull())) {
                return UNKNOWN;
            }
            LikePattern compiled =
                    fixed != null
                            ? fixed
                            : LikePattern.of(
                                    textOf(wanted),
                                    escape == null ? "\\" : textOf(escaping),
                                    ignoringCase);
            return truth(compiled.matches(textOf(text)));
        }

        private String textOf(Value value) {
            if (value instanceof Value.Text text) {
                return text.value();
            }
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_FUNCTION,
                    "operator does not exist: "
                            + Casting.typeOf(value).sqlName()
                            + (ignoringCase ? " ~~* text." : " ~~ text."));
        }
    }

    /** A test of each operand in turn, for IN: OR over equalities that share the operand. */
    record Member(BoundExpression operand, List<BoundExpression> options) implements Condition {
        @Override
        public int test(Evaluation evaluation) {
            Value value = operand.evaluate(evaluation);
            int result = FALSE;
            for (BoundExpression option : options) {
                Value other = option.evaluate(evaluation);
                if (value.isNull() || other.isNull()) {
                    result = UNKNOWN;
                } else if (ValueOrder.equal(value, other)) {
                    return TRUE;
                }
            }
            return result;
        }
    }
}
