package io.nodedb.engine;

import io.nodedb.base.ownership.Immutable;

/**
 * What an engine must know of a collection.
 *
 * @param feed effects carry the prior value, because a change stream, trigger or view reads them
 */
@Immutable
public record CollectionOptions(boolean feed) {
    public static final CollectionOptions DEFAULT = new CollectionOptions(false);
}
