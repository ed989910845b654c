package io.nodedb.control.catalog;

import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.Immutable;

/**
 * What the catalog knows of one collection.
 *
 * @param id never reused; user collections start at {@link Catalog#FIRST_USER_COLLECTION}
 * @param engine number of the engine that stores it
 * @param feed effects carry prior values, because a change stream reads them
 * @param durability of commits that do not say otherwise
 * @param createdLsn the snapshot under which it was created: everything it ever held is newer
 * @param tenant whom its memory and upkeep are charged to
 * @param definition columns, keys and rules, for the engine's library
 */
@Immutable
public record CollectionInfo(
        int id,
        String name,
        int engine,
        boolean feed,
        CommitDurability durability,
        CollectionState state,
        long createdLsn,
        int tenant,
        DefinitionBytes definition) {

    /** Of the default tenant. */
    public CollectionInfo(
            int id,
            String name,
            int engine,
            boolean feed,
            CommitDurability durability,
            CollectionState state,
            long createdLsn) {
        this(id, name, engine, feed, durability, state, createdLsn, Tenants.DEFAULT);
    }

    /** Without a definition. */
    public CollectionInfo(
            int id,
            String name,
            int engine,
            boolean feed,
            CommitDurability durability,
            CollectionState state,
            long createdLsn,
            int tenant) {
        this(id, name, engine, feed, durability, state, createdLsn, tenant, DefinitionBytes.NONE);
    }

    /** The same collection at another point of its life. */
    public CollectionInfo in(CollectionState newState) {
        return new CollectionInfo(
                id, name, engine, feed, durability, newState, createdLsn, tenant, definition);
    }

    /** The same collection after a change of its definition. */
    public CollectionInfo with(DefinitionBytes changed) {
        return new CollectionInfo(
                id, name, engine, feed, durability, state, createdLsn, tenant, changed);
    }

    /** The same collection, known to have been created under a snapshot. */
    CollectionInfo createdAt(long lsn) {
        return new CollectionInfo(
                id, name, engine, feed, durability, state, lsn, tenant, definition);
    }

    public boolean live() {
        return state == CollectionState.LIVE;
    }
}
