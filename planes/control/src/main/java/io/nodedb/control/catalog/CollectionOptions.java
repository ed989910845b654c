package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.Immutable;

/**
 * What a creator may choose about a collection.
 *
 * @param engine number of the engine that stores it
 * @param feed keep prior values in the log for change streams
 * @param durability of commits that do not say otherwise
 * @param tenant whom its memory and upkeep are charged to
 */
@Immutable
public record CollectionOptions(int engine, boolean feed, CommitDurability durability, int tenant) {
    /** Number of the key-value engine. */
    public static final int KEY_VALUE_ENGINE = 1;

    /** A key-value collection without a feed, as durable as the database's default. */
    public static final CollectionOptions KEY_VALUE =
            new CollectionOptions(
                    KEY_VALUE_ENGINE, false, CommitDurability.DEFAULT, Tenants.DEFAULT);

    public CollectionOptions withFeed() {
        return new CollectionOptions(engine, true, durability, tenant);
    }

    public CollectionOptions withDurability(CommitDurability choice) {
        return new CollectionOptions(engine, feed, choice, tenant);
    }

    /** Belonging to another tenant; {@link Tenants#SYSTEM} is the database's own. */
    public CollectionOptions withTenant(int number) {
        if (number <= Tenants.SYSTEM) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT, "A tenant's number is positive: tenant=" + number);
        }
        return new CollectionOptions(engine, feed, durability, number);
    }
}
