package io.nodedb;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.catalog.CollectionOptions;

/** What a collection is created with. Immutable; each method returns a copy. */
@Immutable
public final class CollectionSettings {
    /** No change feed, as durable as the database's default. */
    public static final CollectionSettings DEFAULTS =
            new CollectionSettings(CollectionOptions.KEY_VALUE);

    private final CollectionOptions internal;

    private CollectionSettings(CollectionOptions internal) {
        this.internal = internal;
    }

    /** Its changes, with the values before, can be read by {@link NodeDb#changes}. */
    public CollectionSettings withFeed() {
        return new CollectionSettings(internal.withFeed());
    }

    /** What its acknowledged writes survive. */
    public CollectionSettings durability(Durability durability) {
        return new CollectionSettings(internal.withDurability(durability.internal()));
    }

    /** Whom its memory and upkeep are charged to, from 1; by default 1. */
    public CollectionSettings tenant(int number) {
        return new CollectionSettings(internal.withTenant(number));
    }

    CollectionOptions internal() {
        return internal;
    }
}
