package io.nodedb.bench.rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileWriter;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB without its log, in our sizes. */
final class RocksSortedStore implements SortedStore {
    static final String SETTINGS =
            "RocksDB: log off, blocks of 16 KiB, Bloom filter of 10 bits, memtable 32 MiB, level 0"
                    + " merged at 4 files, files of 32 MiB, level 1 of 128 MiB, LZ4, in the lowest level"
                    + " Zstandard, checksums verified, 2 background jobs, values read into an array that is kept; sorted"
                    + " rows by SstFileWriter and ingestion.";

    private static final int BATCH = 100;
    private static final long FILE_BYTES = 32L << 20;
    private static final int BACKGROUND_JOBS = 2;

    static {
        // The fields' own initialisers need it.
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final LRUCache cache;
    private final BloomFilter filter = new BloomFilter(10);
    private final Options options;
    private final WriteOptions writing = new WriteOptions().setDisableWAL(true);
    private final ReadOptions reading = new ReadOptions();
    private final RocksDB database;
    private final WriteBatch batch = new WriteBatch();

    RocksSortedStore(Path directory, long cacheBytes) throws RocksDBException {
        this.directory = directory;
        cache = new LRUCache(cacheBytes);
        options =
                new Options()
                        .setCreateIfMissing(true)
                        .setWriteBufferSize(FILE_BYTES)
                        .setMaxWriteBufferNumber(4)
                        .setLevel0FileNumCompactionTrigger(4)
                        .setLevel0SlowdownWritesTrigger(12)
                        .setLevel0StopWritesTrigger(24)
                        .setTargetFileSizeBase(FILE_BYTES)
                        .setMaxBytesForLevelBase(4 * FILE_BYTES)
                        .setLevelCompactionDynamicLevelBytes(false)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                        .setMaxBackgroundJobs(BACKGROUND_JOBS)
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockSize(16 << 10)
                                        .setBlockCache(cache)
                                        .setCacheIndexAndFilterBlocks(true)
                                        .setFilterPolicy(filter));
        database = RocksDB.open(options, directory.toString());
    }

    @Override
    public void loadSorted(DocumentRows rows, long count) throws Exception {
        byte[] key = new byte[DocumentRows.KEY_BYTES];
        byte[] value = new byte[ROOM];
        Path file = directory.resolve("load.sst");
        try (EnvOptions environment = new EnvOptions();
                SstFileWriter writer = new SstFileWriter(environment, options);
                IngestExternalFileOptions ingestion =
                        new IngestExternalFileOptions().setMoveFiles(true)) {
            long number = 0;
            while (number < count) {
                writer.open(file.toString());
                for (long bytes = 0; number < count && bytes < 2 * FILE_BYTES; number++) {
                    rows.key(number, key);
                    int length = rows.value(number, 0, value);
                    writer.put(key, java.util.Arrays.copyOf(value, length));
                    bytes += key.length + length;
                }
                writer.finish();
                database.ingestExternalFile(List.of(file.toString()), ingestion);
                boolean ignored = Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void put(byte[] key, byte[] value, int valueLength) throws RocksDBException {
        batch.put(key, java.util.Arrays.copyOf(value, valueLength));
        if (batch.count() == BATCH) {
            database.write(writing, batch);
            batch.clear();
        }
    }

    @Override
    public void settle() throws Exception {
        database.write(writing, batch);
        batch.clear();
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            database.flush(flush);
        }
        // There is no call that waits for merges without asking for more than are due.
        while (database.getLongProperty("rocksdb.num-running-compactions") > 0
                || database.getLongProperty("rocksdb.compaction-pending") > 0
                || database.getLongProperty("rocksdb.num-running-flushes") > 0) {
            Thread.sleep(1);
        }
    }

    @Override
    public int get(byte[] key, byte[] target) throws RocksDBException {
        return database.get(reading, key, target);
    }

    @Override
    public void walk(Way way, RowVisitor visitor) {
        byte[] key = new byte[DocumentRows.KEY_BYTES];
        byte[] value = new byte[ROOM];
        try (RocksIterator rows = database.newIterator(reading)) {
            if (way == Way.FORWARD) {
                rows.seekToFirst();
            } else {
                rows.seekToLast();
            }
            while (rows.isValid()) {
                rows.key(key);
                visitor.row(key, value, rows.value(value));
                if (way == Way.FORWARD) {
                    rows.next();
                } else {
                    rows.prev();
                }
            }
        }
    }

    @Override
    public void close() {
        batch.close();
        database.close();
        reading.close();
        writing.close();
        options.close();
        filter.close();
        cache.close();
    }
}
