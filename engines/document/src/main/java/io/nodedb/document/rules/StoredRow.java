package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.Value;
import io.nodedb.document.binary.DocumentView;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.ColumnDefinition;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.tuple.SchemaHistory;
import io.nodedb.document.tuple.TupleView;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of a collection where they lie. A column is one address computation, a field of a
 * document log2(fields) comparisons for each step. Columns that a row's version did not have read
 * as the default they were added with.
 *
 * <p>Failures: {@link ErrorCode#UNDEFINED_COLUMN}; {@link ErrorCode#DATA_CORRUPTED}. Owned by one
 * thread; {@link #wrap} goes on to another row.
 */
public abstract sealed class StoredRow {
    private StoredRow() {}

    static StoredRow of(CollectionDefinition definition, @Nullable SchemaHistory history) {
        return history == null
                ? new OfDocument()
                : new OfTuple(definition.standingColumns(), history);
    }

    public final StoredRow wrap(byte[] row) {
        return wrap(MemorySegment.ofArray(row), 0, row.length);
    }

    /** Looks at {@code length} bytes of {@code rows} from {@code offset} on. */
    public abstract StoredRow wrap(MemorySegment rows, long offset, int length);

    /** The value that a path leads to; NULL when there is none. */
    public abstract Value value(FieldPath path);

    /** The value of a strict collection's standing column. */
    public abstract Value column(int columnId);

    /** All fields, or all standing columns. */
    public abstract Value.Document toDocument();

    private static Value follow(DocumentView view, List<String> steps) {
        int position = view.root();
        for (String step : steps) {
            int field = view.field(position, step);
            if (field == DocumentView.MISSING && step.matches("-?\\d{1,9}")) {
                field = view.element(position, Integer.parseInt(step));
            }
            if (field == DocumentView.MISSING) {
                return Value.NULL;
            }
            position = field;
        }
        return view.value(position);
    }

    private static final class OfDocument extends StoredRow {
        private final DocumentView view = new DocumentView();

        @Override
        public StoredRow wrap(MemorySegment rows, long offset, int length) {
            view.wrap(rows, offset, length);
            return this;
        }

        @Override
        public Value value(FieldPath path) {
            return follow(view, path.steps());
        }

        @Override
        public Value column(int columnId) {
            throw undefined("#" + columnId);
        }

        @Override
        public Value.Document toDocument() {
            if (view.value(view.root()) instanceof Value.Document row) {
                return row;
            }
            throw new RowRefusedException(
                    ErrorCode.DATA_CORRUPTED, null, "A stored row is no object.");
        }
    }

    private static final class OfTuple extends StoredRow {
        private final List<ColumnDefinition> columns;
        private final Map<String, Integer> slots = new HashMap<>();
        private final Map<Integer, Integer> slotsById = new HashMap<>();
        private final TupleView view;

        OfTuple(List<ColumnDefinition> columns, SchemaHistory history) {
            this.columns = columns;
            for (int i = 0; i < columns.size(); i++) {
                slots.put(columns.get(i).name(), i);
                slotsById.put(columns.get(i).id(), i);
            }
            view = new TupleView(history);
        }

        @Override
        public StoredRow wrap(MemorySegment rows, long offset, int length) {
            view.wrap(rows, offset, length);
            return this;
        }

        @Override
        public Value value(FieldPath path) {
            Integer slot = slots.get(path.first());
            if (slot == null) {
                throw undefined(path.toString());
            }
            if (!path.isNested()) {
                return view.value(slot);
            }
            Value nested =
                    FieldTree.get(view.value(slot), path.steps().subList(1, path.steps().size()));
            return nested == null ? Value.NULL : nested;
        }

        @Override
        public Value column(int columnId) {
            Integer slot = slotsById.get(columnId);
            if (slot == null) {
                throw undefined("#" + columnId);
            }
            return view.value(slot);
        }

        @Override
        public Value.Document toDocument() {
            Map<String, Value> fields = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                fields.put(columns.get(i).name(), view.value(i));
            }
            return new Value.Document(fields);
        }
    }

    private static RowRefusedException undefined(String column) {
        return new RowRefusedException(
                ErrorCode.UNDEFINED_COLUMN, null, "column \"" + column + "\" does not exist.");
    }
}
