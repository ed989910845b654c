package io.nodedb.document.binary;

import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.plan.expression.RowView;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A document as an expression's row: slots are the paths that the binder's scope collected. Keys
 * are turned into bytes once; a path is followed once for each row, and only when it is asked for.
 * A step into an array is its index. Owned by the thread that scans.
 */
public final class DocumentRow implements RowView {
    private static final int NO_INDEX = Integer.MIN_VALUE;

    private final DocumentView view = new DocumentView();
    private final byte[][][] keys;
    private final int[][] indexes;

    /** By slot where its value lies, when {@code found} is of this row. */
    private final int[] positions;

    private final long[] found;
    private long row;

    public DocumentRow(List<List<String>> paths) {
        keys = new byte[paths.size()][][];
        indexes = new int[paths.size()][];
        for (int i = 0; i < keys.length; i++) {
            List<String> path = paths.get(i);
            keys[i] =
                    path.stream()
                            .map(step -> step.getBytes(StandardCharsets.UTF_8))
                            .toArray(byte[][]::new);
            indexes[i] = path.stream().mapToInt(DocumentRow::index).toArray();
        }
        positions = new int[keys.length];
        found = new long[keys.length];
        Arrays.fill(found, -1);
    }

    private static int index(String step) {
        return step.matches("-?\\d{1,9}") ? Integer.parseInt(step) : NO_INDEX;
    }

    /** Goes on to another document. */
    public DocumentRow wrap(MemorySegment segment, long offset, int length) {
        view.wrap(segment, offset, length);
        row++;
        return this;
    }

    @Override
    public Value value(int slot) {
        int position = position(slot);
        return position == DocumentView.MISSING ? Value.NULL : view.value(position);
    }

    @Override
    public boolean isNull(int slot) {
        int position = position(slot);
        return position == DocumentView.MISSING || view.isNull(position);
    }

    @Override
    public int compare(int slot, Value constant) {
        int position = position(slot);
        if (constant instanceof Value.Numeric number) {
            TypeTag type = view.type(position);
            if (type.isInteger() && number.tag().isInteger()) {
                return Long.compare(view.getLong(position), number.longValue());
            }
            if (type.isFloat() && number.tag().isFloat()) {
                return ValueOrder.compareDoubles(view.getDouble(position), number.doubleValue());
            }
        }
        return ValueOrder.compare(view.value(position), constant);
    }

    @Override
    public long getLong(int slot) {
        return view.getLong(position(slot));
    }

    @Override
    public double getDouble(int slot) {
        return view.getDouble(position(slot));
    }

    private int position(int slot) {
        if (found[slot] != row) {
            positions[slot] = follow(slot);
            found[slot] = row;
        }
        return positions[slot];
    }

    private int follow(int slot) {
        int position = view.root();
        for (int i = 0; i < keys[slot].length && position != DocumentView.MISSING; i++) {
            if (view.type(position) != TypeTag.ARRAY) {
                position = view.field(position, keys[slot][i]);
            } else {
                int index = indexes[slot][i];
                position = index == NO_INDEX ? DocumentView.MISSING : view.element(position, index);
            }
        }
        return position;
    }
}
