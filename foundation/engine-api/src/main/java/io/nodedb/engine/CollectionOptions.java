package io.nodedb.engine;

import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.Immutable;

/**
 * What an engine must know of a collection.
 *
 * @param feed effects carry the prior value, because a change stream, trigger or view reads them
 * @param tenant whom its memory and upkeep are charged to; stays for the collection's life
 * @param definition version of the definition that its rows are made by at present; 0 for none
 */
@Immutable
public record CollectionOptions(boolean feed, int tenant, int definition) {
    public static final CollectionOptions DEFAULT = new CollectionOptions(false);

    /** Of the database's own collections. */
    public static final CollectionOptions SYSTEM = new CollectionOptions(false, Tenants.SYSTEM);

    /** Without a definition. */
    public CollectionOptions(boolean feed, int tenant) {
        this(feed, tenant, 0);
    }

    /** Of the default tenant. */
    public CollectionOptions(boolean feed) {
        this(feed, Tenants.DEFAULT);
    }
}
