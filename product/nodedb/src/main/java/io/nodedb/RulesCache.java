package io.nodedb;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.DefinitionBytes;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionChange;
import io.nodedb.document.definition.DefinitionFormat;
import io.nodedb.document.definition.PrimaryKey;
import io.nodedb.document.rules.UuidSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The newest rules of each document collection of a database. */
@Shared("a concurrent map of shared rules")
final class RulesCache {
    /** Of a collection that was created without one: any document under any id. */
    private static final CollectionDefinition WITHOUT =
            CollectionDefinition.schemaless(PrimaryKey.HIDDEN);

    private final Map<Integer, CollectionRules> newest = new ConcurrentHashMap<>();
    private final UuidSource ids;
    private final TimeSource time;

    RulesCache(UuidSource ids, TimeSource time) {
        this.ids = ids;
        this.time = time;
    }

    /** The rules of a collection as the catalog has it. */
    CollectionRules of(CollectionInfo collection) {
        CollectionRules known = newest.get(collection.id());
        int version = collection.definition().version();
        if (known != null && known.version() == version) {
            return known;
        }
        CollectionRules made = of(collection.definition());
        CollectionRules ignored =
                newest.merge(
                        collection.id(),
                        made,
                        (present, other) -> present.version() > version ? present : other);
        return made;
    }

    /** Rules that are not the collection's yet. */
    CollectionRules of(DefinitionBytes definition) {
        return new CollectionRules(read(definition), definition.version(), ids, time);
    }

    /** The collection has been purged. */
    void forget(int collection) {
        CollectionRules ignored = newest.remove(collection);
    }

    /** The definition after a change. */
    DefinitionBytes changed(DefinitionBytes before, DefinitionChange change) {
        CollectionDefinition after =
                change.apply(read(before), TimeUnit.MILLISECONDS.toMicros(time.epochMillis()));
        requireKept(after);
        return write(after);
    }

    /** {@code UNSUPPORTED} for what nobody would keep: better none than one that is not true. */
    static void requireKept(CollectionDefinition definition) {
        if (!definition.indexes().isEmpty() || !definition.foreignKeys().isEmpty()) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "Indexes and foreign keys of document collections are not kept yet: indexes="
                            + definition.indexes().size()
                            + " foreignKeys="
                            + definition.foreignKeys().size());
        }
    }

    private static CollectionDefinition read(DefinitionBytes definition) {
        return definition.isEmpty() ? WITHOUT : DefinitionFormat.read(definition.toByteArray());
    }

    static DefinitionBytes write(CollectionDefinition definition) {
        return DefinitionBytes.of(definition.version(), DefinitionFormat.write(definition));
    }
}
