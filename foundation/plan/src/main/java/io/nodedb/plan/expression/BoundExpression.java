package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;

/**
 * An expression whose names and types are resolved. Numbers and truths of hot filters come without
 * an object: {@link #evaluateLong}, {@link #evaluateDouble}, {@link #test}.
 *
 * <p>Failures: the SQLSTATEs of PostgreSQL for the operation at hand.
 */
@Immutable
public interface BoundExpression {
    int FALSE = 0;
    int TRUE = 1;
    int UNKNOWN = -1;

    Type type();

    Value evaluate(Evaluation evaluation);

    /** Of an integer type; {@link Evaluation#wasNull} tells whether it is NULL. */
    default long evaluateLong(Evaluation evaluation) {
        Value value = evaluate(evaluation);
        evaluation.setWasNull(value.isNull());
        return value instanceof Value.Numeric number ? number.longValue() : 0;
    }

    /** Of a numeric type; {@link Evaluation#wasNull} tells whether it is NULL. */
    default double evaluateDouble(Evaluation evaluation) {
        Value value = evaluate(evaluation);
        evaluation.setWasNull(value.isNull());
        return value instanceof Value.Numeric number ? number.doubleValue() : 0;
    }

    /** {@link #TRUE}, {@link #FALSE} or {@link #UNKNOWN}. */
    default int test(Evaluation evaluation) {
        return switch (evaluate(evaluation)) {
            case Value.Null _ -> UNKNOWN;
            case Value.Bool bool -> bool.value() ? TRUE : FALSE;
            case Value other ->
                    throw new NodeDbException(
                            ErrorCode.TYPE_MISMATCH,
                            "argument of a condition must be type boolean, not type "
                                    + Casting.typeOf(other).sqlName()
                                    + ".");
        };
    }

    /** Is a filter fulfilled? NULL is not. */
    default boolean isTrue(Evaluation evaluation) {
        return test(evaluation) == TRUE;
    }
}
