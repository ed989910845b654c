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
 * @param definition columns, keys and rules, for the engine's library
 */
@Immutable
public record CollectionOptions(
        int engine,
        boolean feed,
        CommitDurability durability,
        int tenant,
        DefinitionBytes definition) {
    /** Number of the key-value engine. */
    public static final int KEY_VALUE_ENGINE = 1;

    /** A key-value collection without a feed, as durable as the database's default. */
    public static final CollectionOptions KEY_VALUE =
            new CollectionOptions(
                    KEY_VALUE_ENGINE, false, CommitDurability.DEFAULT, Tenants.DEFAULT);

    /** Number of the document engine. */
    public static final int DOCUMENT_ENGINE = 2;

    /** A document collection without a feed, as durable as the database's default. */
    public static final CollectionOptions DOCUMENT =
            new CollectionOptions(
                    DOCUMENT_ENGINE, false, CommitDurability.DEFAULT, Tenants.DEFAULT);

    /** Without a definition. */
    public CollectionOptions(int engine, boolean feed, CommitDurability durability, int tenant) {
        this(engine, feed, durability, tenant, DefinitionBytes.NONE);
    }

    public CollectionOptions withFeed() {
        return new CollectionOptions(engine, true, durability, tenant, definition);
    }

    public CollectionOptions withDurability(CommitDurability choice) {
        return new CollectionOptions(engine, feed, choice, tenant, definition);
    }

    /** Belonging to another tenant; {@link Tenants#SYSTEM} is the database's own. */
    public CollectionOptions withTenant(int number) {
        if (number <= Tenants.SYSTEM) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT, "A tenant's number is positive: tenant=" + number);
        }
        return new CollectionOptions(engine, feed, durability, number, definition);
    }

    public CollectionOptions withDefinition(DefinitionBytes bytes) {
        return new CollectionOptions(engine, feed, durability, tenant, bytes);
    }

    /** The same of another engine. */
    public CollectionOptions withEngine(int number) {
        return new CollectionOptions(number, feed, durability, tenant, definition);
    }
}
