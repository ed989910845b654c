package io.nodedb.control.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionState;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Key-value operations on one collection, each its own commit. Reads and conditions see the newest
 * write, and every answer waits until what it tells is durable.
 *
 * <p>{@code expireAtMillis} is in epoch milliseconds, 0 for never, {@link KvCall#KEEP_EXPIRY} to
 * keep the present expiry. A collection that was dropped meanwhile answers {@code NOT_FOUND}, one
 * that was purged too.
 */
@Shared("immutable but for a remembered catalog state")
public final class KvClient {
    private static final byte[] EMPTY = {};

    private final KvExchanges exchanges;
    private final Catalog catalog;
    private final int collection;
    private final String name;
    private final CallOptions options;

    /** The state in which the collection was last found live; any thread may replace it. */
    private @Nullable Seen seen;

    public KvClient(
            KvExchanges exchanges,
            Catalog catalog,
            CollectionInfo collection,
            CallOptions options) {
        this.exchanges = exchanges;
        this.catalog = catalog;
        this.collection = collection.id();
        this.name = collection.name();
        this.options = options;
    }

    /** The same collection under other options. */
    public KvClient with(CallOptions other) {
        return new KvClient(exchanges, catalog, collection(), other);
    }

    public CallOptions options() {
        return options;
    }

    public String name() {
        return name;
    }

    /** The collection, if it is (still) live; else {@code NOT_FOUND}. */
    public CollectionInfo collection() {
        CatalogState state = catalog.state();
        Seen last = seen;
        if (last != null && last.state == state) {
            return last.info;
        }
        CollectionInfo info = state.byId(collection);
        if (info == null || info.state() != CollectionState.LIVE) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND, "The collection was dropped: collection=" + name);
        }
        seen = new Seen(state, info);
        return info;
    }

    public byte @Nullable [] get(byte[] key) {
        return exchanges.run(begin(KvOp.GET, key), KvExchanges::value);
    }

    public CompletableFuture<byte @Nullable []> getAsync(byte[] key) {
        return exchanges.runAsync(beginAsync(KvOp.GET, key), KvExchanges::value);
    }

    public boolean exists(byte[] key) {
        return exchanges.run(begin(KvOp.EXISTS, key), KvExchanges::found);
    }

    public CompletableFuture<Boolean> existsAsync(byte[] key) {
        return exchanges.runAsync(beginAsync(KvOp.EXISTS, key), KvExchanges::found);
    }

    /** Epoch milliseconds of the expiry, 0 for none, {@link KvExchanges#ABSENT} without the key. */
    public long expiry(byte[] key) {
        return exchanges.run(begin(KvOp.EXPIRY, key), KvExchanges::expiry);
    }

    public CompletableFuture<Long> expiryAsync(byte[] key) {
        return exchanges.runAsync(beginAsync(KvOp.EXPIRY, key), KvExchanges::expiry);
    }

    /** True when the write took effect. */
    public boolean put(byte[] key, byte[] value, KvCondition condition, long expireAtMillis) {
        return exchanges.run(
                put(begin(KvOp.PUT, key), value, condition, expireAtMillis), KvExchanges::applied);
    }

    public CompletableFuture<Boolean> putAsync(
            byte[] key, byte[] value, KvCondition condition, long expireAtMillis) {
        return exchanges.runAsync(
                put(beginAsync(KvOp.PUT, key), value, condition, expireAtMillis),
                KvExchanges::applied);
    }

    /**
     * As {@link #put}, of a row that was made by a version of the collection's definition; {@link
     * io.nodedb.base.errors.ErrorCode#DEFINITION_CHANGED} when that is not the present one.
     *
     * @param givenHash as {@link KvCall#givenHash}
     */
    public boolean putRow(
            byte[] key, byte[] row, KvCondition condition, int definition, long givenHash) {
        return exchanges.run(
                row(begin(KvOp.PUT, key), row, condition, definition, givenHash),
                KvExchanges::applied);
    }

    /** As {@link #putRow}, without waiting. */
    public CompletableFuture<Boolean> putRowAsync(
            byte[] key, byte[] row, KvCondition condition, int definition, long givenHash) {
        return exchanges.runAsync(
                row(beginAsync(KvOp.PUT, key), row, condition, definition, givenHash),
                KvExchanges::applied);
    }

    /** True when the key was there. */
    public boolean delete(byte[] key) {
        return exchanges.run(begin(KvOp.DELETE, key), KvExchanges::found);
    }

    public CompletableFuture<Boolean> deleteAsync(byte[] key) {
        return exchanges.runAsync(beginAsync(KvOp.DELETE, key), KvExchanges::found);
    }

    /** The sum. */
    public long increment(byte[] key, long delta) {
        return exchanges.run(number(begin(KvOp.INCREMENT, key), delta), KvExchanges::number);
    }

    public CompletableFuture<Long> incrementAsync(byte[] key, long delta) {
        return exchanges.runAsync(
                number(beginAsync(KvOp.INCREMENT, key), delta), KvExchanges::number);
    }

    /** The value before. */
    public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
        return exchanges.run(
                put(begin(KvOp.GET_AND_PUT, key), value, KvCondition.ALWAYS, 0),
                KvExchanges::value);
    }

    public CompletableFuture<byte @Nullable []> getAndPutAsync(byte[] key, byte[] value) {
        return exchanges.runAsync(
                put(beginAsync(KvOp.GET_AND_PUT, key), value, KvCondition.ALWAYS, 0),
                KvExchanges::value);
    }

    /** The value before. */
    public byte @Nullable [] getAndDelete(byte[] key) {
        return exchanges.run(begin(KvOp.GET_AND_DELETE, key), KvExchanges::value);
    }

    public CompletableFuture<byte @Nullable []> getAndDeleteAsync(byte[] key) {
        return exchanges.runAsync(beginAsync(KvOp.GET_AND_DELETE, key), KvExchanges::value);
    }

    /** True when the value was {@code expected} and was replaced. */
    public boolean compareAndPut(byte[] key, byte[] expected, byte[] value, long expireAtMillis) {
        return exchanges.run(
                compare(begin(KvOp.COMPARE_AND_PUT, key), expected, value, expireAtMillis),
                KvExchanges::applied);
    }

    public CompletableFuture<Boolean> compareAndPutAsync(
            byte[] key, byte[] expected, byte[] value, long expireAtMillis) {
        return exchanges.runAsync(
                compare(beginAsync(KvOp.COMPARE_AND_PUT, key), expected, value, expireAtMillis),
                KvExchanges::applied);
    }

    /** True when the value was {@code expected} and was deleted. */
    public boolean compareAndDelete(byte[] key, byte[] expected) {
        return exchanges.run(
                compare(begin(KvOp.COMPARE_AND_DELETE, key), expected, EMPTY, 0),
                KvExchanges::applied);
    }

    public CompletableFuture<Boolean> compareAndDeleteAsync(byte[] key, byte[] expected) {
        return exchanges.runAsync(
                compare(beginAsync(KvOp.COMPARE_AND_DELETE, key), expected, EMPTY, 0),
                KvExchanges::applied);
    }

    /** As {@link #compareAndPut}, of a row that was made as {@link #putRow} says. */
    public boolean compareAndPutRow(byte[] key, byte[] expected, byte[] row, int definition) {
        return exchanges.run(
                compareRow(begin(KvOp.COMPARE_AND_PUT, key), expected, row, definition),
                KvExchanges::applied);
    }

    /** As {@link #compareAndPutRow}, without waiting. */
    public CompletableFuture<Boolean> compareAndPutRowAsync(
            byte[] key, byte[] expected, byte[] row, int definition) {
        return exchanges.runAsync(
                compareRow(beginAsync(KvOp.COMPARE_AND_PUT, key), expected, row, definition),
                KvExchanges::applied);
    }

    /** Sets or (0) removes the expiry; true when the key was there. */
    public boolean expireAt(byte[] key, long expireAtMillis) {
        return exchanges.run(
                expireAt(begin(KvOp.EXPIRE, key), expireAtMillis), KvExchanges::applied);
    }

    public CompletableFuture<Boolean> expireAtAsync(byte[] key, long expireAtMillis) {
        return exchanges.runAsync(
                expireAt(beginAsync(KvOp.EXPIRE, key), expireAtMillis), KvExchanges::applied);
    }

    private Exchange<KvCall> begin(KvOp op, byte[] key) {
        return exchanges.begin(op, collection(), key, options);
    }

    private Exchange<KvCall> beginAsync(KvOp op, byte[] key) {
        return exchanges.beginAsync(op, collection(), key, options);
    }

    private static Exchange<KvCall> put(
            Exchange<KvCall> exchange, byte[] value, KvCondition condition, long expireAtMillis) {
        exchange.call.setValue(value, 0, value.length);
        exchange.call.condition = condition;
        exchange.call.expireAtMillis = expireAtMillis;
        return exchange;
    }

    private static Exchange<KvCall> row(
            Exchange<KvCall> exchange,
            byte[] row,
            KvCondition condition,
            int definition,
            long givenHash) {
        exchange.call.definition = definition;
        exchange.call.givenHash = givenHash;
        return put(exchange, row, condition, 0);
    }

    private static Exchange<KvCall> compare(
            Exchange<KvCall> exchange, byte[] expected, byte[] value, long expireAtMillis) {
        exchange.call.setExpected(expected, 0, expected.length);
        return put(exchange, value, KvCondition.ALWAYS, expireAtMillis);
    }

    private static Exchange<KvCall> compareRow(
            Exchange<KvCall> exchange, byte[] expected, byte[] row, int definition) {
        exchange.call.definition = definition;
        return compare(exchange, expected, row, 0);
    }

    private static Exchange<KvCall> number(Exchange<KvCall> exchange, long number) {
        exchange.call.number = number;
        return exchange;
    }

    private static Exchange<KvCall> expireAt(Exchange<KvCall> exchange, long expireAtMillis) {
        exchange.call.expireAtMillis = expireAtMillis;
        return exchange;
    }

    private record Seen(CatalogState state, CollectionInfo info) {}
}
