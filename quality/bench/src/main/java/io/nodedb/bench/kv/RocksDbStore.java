package io.nodedb.bench.kv;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB with its log: written with each put, and synced with it in tier {@code SYNC}. */
final class RocksDbStore implements KeyValueStore {
    static final String SETTINGS =
            "RocksDB: log on, WriteOptions.sync off and on, block cache 512 MiB, Bloom filter of 10"
                    + " bits, otherwise its defaults.";

    private static final long CACHE_BYTES = 512L << 20;
    private static final double FILTER_BITS = 10;
    private static final int LOAD_BATCH = 1_000;

    private final LRUCache cache;
    private final BloomFilter filter;
    private final Options options;
    private final WriteOptions async;
    private final WriteOptions sync;
    private final RocksDB database;

    RocksDbStore(Path directory) throws RocksDBException {
        RocksDB.loadLibrary();
        cache = new LRUCache(CACHE_BYTES);
        filter = new BloomFilter(FILTER_BITS);
        options =
                new Options()
                        .setCreateIfMissing(true)
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockCache(cache)
                                        .setFilterPolicy(filter));
        async = new WriteOptions();
        sync = new WriteOptions().setSync(true);
        database = RocksDB.open(options, directory.toString());
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws RocksDBException {
        return database.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value, Tier tier) throws RocksDBException {
        database.put(tier == Tier.SYNC ? sync : async, key, value);
    }

    @Override
    public void load(Records records, long keys) throws RocksDBException {
        byte[] key = new byte[Records.KEY_BYTES];
        byte[] value = new byte[records.valueBytes()];
        try (WriteBatch batch = new WriteBatch()) {
            for (long number = 0; number < keys; number++) {
                records.key(number, key);
                records.value(number, 0, value);
                batch.put(key, value);
                if (batch.count() == LOAD_BATCH) {
                    database.write(async, batch);
                    batch.clear();
                }
            }
            database.write(async, batch);
        }
    }

    @Override
    public void close() {
        database.close();
        sync.close();
        async.close();
        options.close();
        filter.close();
        cache.close();
    }
}
