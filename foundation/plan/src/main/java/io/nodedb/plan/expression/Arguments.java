package io.nodedb.plan.expression;

import io.nodedb.base.value.Value;

/** Reads a function's arguments as Java values; the overload says which types they have. */
final class Arguments {
    private Arguments() {}

    static String text(Value[] arguments, int index) {
        return ((Value.Text) arguments[index]).value();
    }

    static int whole(Value[] arguments, int index) {
        return (int) ((Value.Numeric) arguments[index]).longValue();
    }

    static long big(Value[] arguments, int index) {
        return ((Value.Numeric) arguments[index]).longValue();
    }

    static double real(Value[] arguments, int index) {
        return ((Value.Numeric) arguments[index]).doubleValue();
    }
}
