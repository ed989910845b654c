package io.nodedb.control.catalog;

import io.nodedb.base.ownership.Immutable;

/**
 * A change of a definition that has begun: every core refuses rows that were made by the one
 * before, nothing is recorded yet. It ends by {@link Catalog#commit} or {@link Catalog#cancel}.
 *
 * @param before what is recorded
 * @param after what will be
 */
@Immutable
public record PendingDefinition(CollectionInfo before, CollectionInfo after) {}
