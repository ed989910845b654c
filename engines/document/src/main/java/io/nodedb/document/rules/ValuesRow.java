package io.nodedb.document.rules;

import io.nodedb.base.value.Value;
import io.nodedb.plan.expression.RowView;
import java.util.List;

/** A row that is being prepared, as expressions see it. Owned by its rules. */
sealed interface ValuesRow extends RowView {
    /** Slots are a strict collection's standing columns. */
    final class OfColumns implements ValuesRow {
        private Value[] values = {};

        OfColumns moveTo(Value[] row) {
            values = row;
            return this;
        }

        @Override
        public Value value(int slot) {
            return values[slot];
        }
    }

    /** Slots are paths into a document. */
    final class OfDocument implements ValuesRow {
        private final List<List<String>> paths;
        private Value document = Value.NULL;

        /** The list may grow while expressions are bound. */
        OfDocument(List<List<String>> paths) {
            this.paths = paths;
        }

        OfDocument moveTo(Value row) {
            document = row;
            return this;
        }

        @Override
        public Value value(int slot) {
            Value found = FieldTree.get(document, paths.get(slot));
            return found == null ? Value.NULL : found;
        }
    }
}
