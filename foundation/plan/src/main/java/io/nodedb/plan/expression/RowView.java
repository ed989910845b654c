package io.nodedb.plan.expression;

import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;

/**
 * One row as an expression sees it: fields by the slots that the {@link FieldScope} gave. An
 * implementation looks only at the fields that are asked for. A field that the row does not have is
 * NULL. Owned by the thread that scans.
 */
public interface RowView {
    Value value(int slot);

    default boolean isNull(int slot) {
        return value(slot).isNull();
    }

    /**
     * The order of a field that is not NULL and a constant, as {@link ValueOrder#compare} has it.
     */
    default int compare(int slot, Value constant) {
        return ValueOrder.compare(value(slot), constant);
    }

    /** An integer field that is not NULL. */
    default long getLong(int slot) {
        return ((Value.Numeric) value(slot)).longValue();
    }

    /** A FLOAT8 field that is not NULL. */
    default double getDouble(int slot) {
        return ((Value.Numeric) value(slot)).doubleValue();
    }
}
