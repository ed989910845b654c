package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import org.jspecify.annotations.Nullable;

/** One document collection and its rules as of each moment. */
@Shared("immutable but for a remembered catalog state")
final class DocumentCollection {
    private final Catalog catalog;
    private final RulesCache cache;
    private final int id;
    private final String name;

    /** Any thread may replace it. */
    private Seen seen;

    DocumentCollection(Catalog catalog, RulesCache cache, CollectionInfo collection) {
        this.catalog = catalog;
        this.cache = cache;
        this.id = collection.id();
        this.name = collection.name();
        this.seen = new Seen(null, collection, cache.of(collection));
    }

    int id() {
        return id;
    }

    String name() {
        return name;
    }

    /** What rows are made by now; {@code NOT_FOUND} when the collection was dropped. */
    Seen live() {
        Seen now = now();
        if (!now.info.live()) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND, "The collection was dropped: collection=" + name);
        }
        return now;
    }

    /**
     * What rows are read by that have been found: those of a definition that came since are stored
     * only after it could be seen here.
     */
    CollectionRules readers() {
        return now().rules;
    }

    private Seen now() {
        CatalogState state = catalog.state();
        Seen last = seen;
        if (last.state == state) {
            return last;
        }
        CollectionInfo info = state.byId(id);
        // Purged ones stay in the catalog; a state without it is older than this.
        Seen now =
                info == null || info.definition().version() == last.rules.version()
                        ? new Seen(state, info == null ? last.info : info, last.rules)
                        : new Seen(state, info, cache.of(info));
        seen = now;
        return now;
    }

    /** The collection in one state of the catalog. */
    record Seen(@Nullable CatalogState state, CollectionInfo info, CollectionRules rules) {}
}
