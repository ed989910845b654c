package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an expression is evaluated with: the row at hand, the statement's parameters, its time
 * (bound once, so that now() is the same for all rows) and the session's zone. Owned by one thread;
 * {@link #moveTo} goes on to the next row.
 */
public final class Evaluation {
    private final List<Value> parameters;
    private final long nowMicros;
    private final Casting casting;
    private @Nullable RowView row;

    /** Was the last number of {@code evaluateLong} or {@code evaluateDouble} NULL? */
    private boolean wasNull;

    /** {@code nowMicros} is the statement's time, in microseconds since 1970 UTC. */
    public Evaluation(List<Value> parameters, long nowMicros, Casting casting) {
        this.parameters = List.copyOf(parameters);
        this.nowMicros = nowMicros;
        this.casting = casting;
    }

    public Evaluation moveTo(RowView next) {
        row = next;
        return this;
    }

    public RowView row() {
        if (row == null) {
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "An expression names a field where there is no row.");
        }
        return row;
    }

    public Casting casting() {
        return casting;
    }

    public long nowMicros() {
        return nowMicros;
    }

    public boolean wasNull() {
        return wasNull;
    }

    void setWasNull(boolean isNull) {
        wasNull = isNull;
    }

    Value parameter(int number) {
        if (number < 1 || number > parameters.size()) {
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_PARAMETER,
                    "there is no parameter $" + number + ": bound=" + parameters.size() + ".");
        }
        return parameters.get(number - 1);
    }
}
