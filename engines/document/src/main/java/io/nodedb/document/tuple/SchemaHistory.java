package io.nodedb.document.tuple;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All versions of a strict collection's columns, oldest first, and for each old version where the
 * newest one's columns are to be found in its rows. A change of columns makes a new history.
 */
@Immutable
public final class SchemaHistory {
    static final int NOT_STORED = -1;

    private final List<TupleSchema> versions;
    private final TupleLayout[] layouts;

    /** By version and column of the newest: its index in that version's rows. */
    private final int[][] stored;

    private final int firstVersion;

    public SchemaHistory(List<TupleSchema> versions) {
        Check.that(!versions.isEmpty(), "there is a schema");
        this.versions = List.copyOf(versions);
        firstVersion = versions.getFirst().version();
        layouts = new TupleLayout[versions.size()];
        stored = new int[versions.size()][];
        List<Column> columns = versions.getLast().columns();
        for (int i = 0; i < layouts.length; i++) {
            TupleSchema schema = versions.get(i);
            Check.that(
                    schema.version() == firstVersion + i, "versions are dense", schema.version());
            layouts[i] = new TupleLayout(schema);
            stored[i] = columns.stream().mapToInt(column -> schema.indexOf(column.id())).toArray();
            requireSameTypes(schema, columns, stored[i]);
        }
    }

    /** A column keeps its type: another type is another column. */
    private static void requireSameTypes(TupleSchema schema, List<Column> columns, int[] places) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] != NOT_STORED) {
                Column old = schema.columns().get(places[i]);
                Check.that(
                        TupleLayout.width(old.type()) == TupleLayout.width(columns.get(i).type())
                                && old.type().tag().keyClass()
                                        == columns.get(i).type().tag().keyClass(),
                        "a column keeps its type",
                        old.id());
            }
        }
    }

    /** This history and one more version. */
    public SchemaHistory with(TupleSchema next) {
        List<TupleSchema> longer = new java.util.ArrayList<>(versions);
        longer.add(next);
        return new SchemaHistory(longer);
    }

    public TupleSchema newest() {
        return versions.getLast();
    }

    TupleLayout newestLayout() {
        return layouts[layouts.length - 1];
    }

    @Nullable TupleLayout layout(int version) {
        int index = version - firstVersion;
        return index < 0 || index >= layouts.length ? null : layouts[index];
    }

    /** Where the newest version's columns lie in rows of {@code version}. */
    int[] stored(int version) {
        return stored[version - firstVersion];
    }
}
