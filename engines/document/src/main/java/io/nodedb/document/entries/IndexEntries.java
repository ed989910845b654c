package io.nodedb.document.entries;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorClass;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.KeyWriter;
import io.nodedb.document.binary.DocumentRow;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.document.definition.IndexDefinition;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.tuple.SchemaHistory;
import io.nodedb.document.tuple.TupleRow;
import io.nodedb.plan.expression.DocumentScope;
import io.nodedb.plan.expression.Evaluation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a collection's rows in its indexes. Expressions and predicates are evaluated over
 * the rows where they lie.
 *
 * <p>Failures: what an expression fails with; {@link ErrorCode#PROGRAM_LIMIT} for an entry over
 * {@code DocumentLimits.MAX_ENTRY_BYTES} or too many elements, with the index's name. Owned by one
 * thread.
 */
public final class IndexEntries {
    private final List<BoundIndex> indexes = new ArrayList<>();
    private final KeyWriter writer = new KeyWriter();
    private final Evaluation evaluation = DefinitionExpressions.evaluation(0);
    private final @Nullable TupleRow tuple;
    private final @Nullable DocumentRow document;

    public IndexEntries(CollectionDefinition definition) {
        SchemaHistory history = definition.isStrict() ? definition.schemaHistory() : null;
        DocumentScope scope = new DocumentScope();
        DefinitionExpressions expressions =
                history == null
                        ? new DefinitionExpressions(scope)
                        : new DefinitionExpressions(definition.standingColumns());
        for (IndexDefinition index : definition.indexes()) {
            indexes.add(new BoundIndex(index, expressions));
        }
        tuple = history == null ? null : new TupleRow(history);
        document = history == null ? new DocumentRow(scope.paths()) : null;
    }

    /** A row's entries in one of the collection's indexes, ascending, each once. */
    public List<IndexEntry> entries(int indexId, PreparedRow row) {
        move(row);
        List<IndexEntry> entries = new ArrayList<>();
        for (BoundIndex index : indexes) {
            if (index.definition().id() == indexId) {
                index.addTo(entries, row.key(), evaluation, writer);
                return sorted(entries);
            }
        }
        Check.that(false, "the collection has the index", indexId);
        return entries;
    }

    /**
     * What becomes of all indexes when {@code before} gives way to {@code after}; null where there
     * is no row. A row that an index's expression can't be evaluated for has no entry to remove: it
     * stood before the index did, whose building fails at it.
     */
    public IndexChanges changes(@Nullable PreparedRow before, @Nullable PreparedRow after) {
        if (indexes.isEmpty()) {
            return IndexChanges.NONE;
        }
        List<IndexEntry> old = before == null ? List.of() : standing(before);
        List<IndexEntry> next = after == null ? List.of() : all(after);
        List<IndexEntry> removed = new ArrayList<>();
        List<IndexEntry> added = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < next.size()) {
            int order =
                    i == old.size() ? 1 : j == next.size() ? -1 : old.get(i).compareTo(next.get(j));
            if (order < 0) {
                removed.add(old.get(i++));
            } else if (order > 0) {
                added.add(next.get(j++));
            } else {
                i++;
                j++;
            }
        }
        return removed.isEmpty() && added.isEmpty()
                ? IndexChanges.NONE
                : new IndexChanges(removed, added);
    }

    private List<IndexEntry> all(PreparedRow row) {
        move(row);
        List<IndexEntry> entries = new ArrayList<>();
        for (BoundIndex index : indexes) {
            index.addTo(entries, row.key(), evaluation, writer);
        }
        return sorted(entries);
    }

    private List<IndexEntry> standing(PreparedRow row) {
        move(row);
        List<IndexEntry> entries = new ArrayList<>();
        for (BoundIndex index : indexes) {
            int before = entries.size();
            try {
                index.addTo(entries, row.key(), evaluation, writer);
            } catch (NodeDbException refused) {
                if (refused.code().errorClass() != ErrorClass.USER) {
                    throw refused;
                }
                entries.subList(before, entries.size()).clear();
            }
        }
        return sorted(entries);
    }

    private static List<IndexEntry> sorted(List<IndexEntry> entries) {
        return entries.stream().sorted().distinct().toList();
    }

    private void move(PreparedRow row) {
        MemorySegment bytes = MemorySegment.ofArray(row.row());
        if (tuple != null) {
            evaluation.moveTo(tuple.wrap(bytes, 0, row.row().length));
        } else if (document != null) {
            evaluation.moveTo(document.wrap(bytes, 0, row.row().length));
        }
    }
}
