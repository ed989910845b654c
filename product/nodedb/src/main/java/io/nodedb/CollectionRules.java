package io.nodedb;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RowPatch;
import io.nodedb.document.rules.RowRules;
import io.nodedb.document.rules.UuidSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The rules of one version of a collection's definition, for every thread: makes the keys and rows
 * that are stored, and reads rows of this version and all before.
 */
@Shared("a bounded pool of rules, each lent to one thread")
final class CollectionRules {
    /** Rules kept for the next caller: as many as make rows at once on usual machines. */
    private static final int POOLED = 16;

    private final CollectionDefinition definition;
    private final int version;
    private final UuidSource ids;
    private final TimeSource time;
    private final boolean idsAreKeys;
    private final ArrayBlockingQueue<RowRules> idle = new ArrayBlockingQueue<>(POOLED);

    /**
     * @param version what the catalog counts the definition as, 0 for a collection without one
     */
    CollectionRules(CollectionDefinition definition, int version, UuidSource ids, TimeSource time) {
        this.definition = definition;
        this.version = version;
        this.ids = ids;
        this.time = time;
        RowRules first = new RowRules(definition, ids);
        idsAreKeys = definition.primaryKey().isHidden() || first.hasUntypedKey();
        boolean ignored = idle.offer(first);
    }

    CollectionDefinition definition() {
        return definition;
    }

    int version() {
        return version;
    }

    /** The stored key of an id. */
    byte[] key(Id id) {
        return idsAreKeys ? id.key() : lend(rules -> rules.key(id.values()));
    }

    /** The bounds of a range of ids as stored keys. */
    KeyRange keys(IdRange range) {
        return range.internal(
                idsAreKeys ? Id::key : id -> lend(rules -> rules.keyPrefix(id.values())));
    }

    /** A new row, whose key is in its fields or generated. */
    PreparedRow row(Document document) {
        return lend(rules -> rules.insert(document.value(), nowMicros()));
    }

    /** A new row under an id. */
    PreparedRow row(Id id, Document document) {
        return lend(rules ->
                definition.primaryKey().isHidden()
                        ? rules.insertWithHiddenKey(id.key(), document.value(), nowMicros())
                        : rules.insertUnder(id.values(), document.value(), nowMicros()));
    }

    /** A stored row after a patch; empty when no value changes. */
    Optional<PreparedRow> patched(byte[] key, byte[] row, RowPatch patch) {
        return lend(rules -> rules.patch(key, row, patch, nowMicros()));
    }

    /** The document of a stored row. */
    Document document(byte[] row) {
        return lend(rules -> Document.of(rules.document(row)));
    }

    /** Throws when a stored row breaks a rule that rows that stand must fulfil. */
    void verify(byte[] key, byte[] row) {
        boolean ignored =
                lend(rules -> {
                    rules.verify(key, row, nowMicros());
                    return true;
                });
    }

    /** What a repeated request is known by: what was given, not what the rules made of it. */
    static long givenHash(Document document) {
        long hash = KeyHash.of(document.toRow());
        return hash == 0 ? 1 : hash;
    }

    private long nowMicros() {
        return TimeUnit.MILLISECONDS.toMicros(time.epochMillis());
    }

    private <R> R lend(Function<RowRules, R> use) {
        RowRules pooled = idle.poll();
        RowRules rules = pooled == null ? new RowRules(definition, ids) : pooled;
        R result;
        try {
            result = use.apply(rules);
        } catch (NodeDbException refused) {
            boolean ignored = idle.offer(rules);
            throw refused;
        }
        boolean ignored = idle.offer(rules);
        return result;
    }
}
