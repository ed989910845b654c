package io.nodedb.bench.kv;

import io.nodedb.AsyncKeyValue;
import io.nodedb.Durability;
import io.nodedb.KeyValue;
import io.nodedb.NodeDb;
import io.nodedb.RequestOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** NodeDB, embedded, with its default settings. */
final class NodeDbStore implements KeyValueStore {
    static final String SETTINGS = "NodeDB: default settings; the tier is set with each request.";

    private final NodeDb database;
    private final KeyValue async;
    private final KeyValue sync;

    NodeDbStore(Path directory) {
        database = NodeDb.open(directory);
        KeyValue collection = database.kv("kv");
        async = collection.with(RequestOptions.DEFAULTS.durability(Durability.ASYNC));
        sync = collection.with(RequestOptions.DEFAULTS.durability(Durability.SYNC));
    }

    NodeDb database() {
        return database;
    }

    private KeyValue of(Tier tier) {
        return tier == Tier.SYNC ? sync : async;
    }

    /** For callers that do not wait. */
    AsyncKeyValue pipelined(Tier tier) {
        return of(tier).async();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return async.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value, Tier tier) {
        of(tier).put(key, value);
    }

    /** Adds one; the sum. */
    long increment(byte[] key, Tier tier) {
        return of(tier).increment(key, 1);
    }

    @Override
    public void load(Records records, long keys) throws InterruptedException {
        BulkWriter writer = new BulkWriter(async.async());
        byte[] key = new byte[Records.KEY_BYTES];
        byte[] value = new byte[records.valueBytes()];
        for (long number = 0; number < keys; number++) {
            records.key(number, key);
            records.value(number, 0, value);
            writer.put(key, value);
        }
        writer.finish();
    }

    @Override
    public void close() {
        database.close();
    }
}
