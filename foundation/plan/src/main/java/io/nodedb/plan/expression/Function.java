package io.nodedb.plan.expression;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import java.util.List;

/**
 * One overload of a function. A variadic one repeats its last argument. A strict one is NULL as
 * soon as an argument is, without being called.
 */
@Immutable
record Function(
        String name,
        List<Type> arguments,
        boolean variadic,
        Type result,
        boolean isStrict,
        Body body) {
    /** What the function does with values of its argument types. */
    @FunctionalInterface
    interface Body {
        Value apply(Value[] arguments, Evaluation evaluation);
    }

    Value call(Value[] values, Evaluation evaluation) {
        if (isStrict) {
            for (Value value : values) {
                if (value.isNull()) {
                    return Value.NULL;
                }
            }
        }
        return body.apply(values, evaluation);
    }

    boolean takes(int count) {
        return variadic ? count >= arguments.size() : count == arguments.size();
    }

    Type argument(int index) {
        return arguments.get(Math.min(index, arguments.size() - 1));
    }
}
