package io.nodedb.plan.expression;

import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import java.util.List;

/** Bound constants, fields, parameters and conversions. */
final class Leaves {
    private Leaves() {}

    record Constant(Value value, Type type) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            return value;
        }
    }

    record FieldOf(int slot, Type type) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            return evaluation.row().value(slot);
        }

        @Override
        public long evaluateLong(Evaluation evaluation) {
            RowView row = evaluation.row();
            boolean isNull = row.isNull(slot);
            evaluation.setWasNull(isNull);
            return isNull ? 0 : row.getLong(slot);
        }

        @Override
        public double evaluateDouble(Evaluation evaluation) {
            RowView row = evaluation.row();
            boolean isNull = row.isNull(slot);
            evaluation.setWasNull(isNull);
            if (isNull) {
                return 0;
            }
            return type.tag().isInteger() ? (double) row.getLong(slot) : row.getDouble(slot);
        }
    }

    /** A path that leads on into a column's document; values have their own types there. */
    record Inside(BoundExpression document, List<String> path) implements BoundExpression {
        @Override
        public Type type() {
            return Type.ANY;
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return JsonAccess.path(document.evaluate(evaluation), path);
        }
    }

    /** Converts what was bound to the type that the context gave the parameter. */
    record ParameterOf(int number, Type type) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            Value value = evaluation.parameter(number);
            return evaluation.casting().cast(value, Casting.typeOf(value), type);
        }
    }

    record CastOf(BoundExpression operand, Type type, boolean trying) implements BoundExpression {
        @Override
        public Value evaluate(Evaluation evaluation) {
            if (!trying) {
                return evaluation
                        .casting()
                        .cast(operand.evaluate(evaluation), operand.type(), type);
            }
            try {
                return evaluation
                        .casting()
                        .cast(operand.evaluate(evaluation), operand.type(), type);
            } catch (io.nodedb.base.errors.NodeDbException misfit) {
                if (misfit.code().errorClass() != io.nodedb.base.errors.ErrorClass.USER) {
                    throw misfit;
                }
                return Value.NULL;
            }
        }

        /** Integers widen without an object. */
        @Override
        public long evaluateLong(Evaluation evaluation) {
            boolean widens =
                    operand.type().tag().isInteger()
                            && type.tag().isInteger()
                            && operand.type().tag().number() <= type.tag().number();
            return widens
                    ? operand.evaluateLong(evaluation)
                    : BoundExpression.super.evaluateLong(evaluation);
        }

        @Override
        public double evaluateDouble(Evaluation evaluation) {
            boolean widens =
                    type.tag() == io.nodedb.base.value.TypeTag.FLOAT8
                            && (operand.type().tag().isInteger() || operand.type().tag().isFloat());
            return widens
                    ? operand.evaluateDouble(evaluation)
                    : BoundExpression.super.evaluateDouble(evaluation);
        }
    }
}
