package io.nodedb.document.tuple;

import io.nodedb.base.value.Value;
import io.nodedb.plan.expression.RowView;
import java.lang.foreign.MemorySegment;

/**
 * A strict collection's row as an expression's: slots are the newest version's columns, by index.
 * Owned by the thread that scans.
 */
public final class TupleRow implements RowView {
    private final TupleView view;
    private final TupleSchema schema;

    public TupleRow(SchemaHistory history) {
        view = new TupleView(history);
        schema = history.newest();
    }

    /** Goes on to another row. */
    public TupleRow wrap(MemorySegment segment, long offset, int length) {
        view.wrap(segment, offset, length);
        return this;
    }

    @Override
    public Value value(int slot) {
        return view.value(slot);
    }

    @Override
    public boolean isNull(int slot) {
        return view.isNull(slot);
    }

    @Override
    public long getLong(int slot) {
        if (!view.isStored(slot)) {
            return RowView.super.getLong(slot);
        }
        return switch (schema.columns().get(slot).type().tag()) {
            case INT2 -> view.getShortValue(slot);
            case INT4 -> view.getInt(slot);
            case INT8 -> view.getLong(slot);
            default -> RowView.super.getLong(slot);
        };
    }

    @Override
    public double getDouble(int slot) {
        if (!view.isStored(slot)) {
            return RowView.super.getDouble(slot);
        }
        return switch (schema.columns().get(slot).type().tag()) {
            case FLOAT4 -> view.getFloat(slot);
            case FLOAT8 -> view.getDouble(slot);
            default -> RowView.super.getDouble(slot);
        };
    }
}
