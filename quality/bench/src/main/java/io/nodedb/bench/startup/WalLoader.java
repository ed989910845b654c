package io.nodedb.bench.startup;

import io.nodedb.Durability;
import io.nodedb.KeyValue;
import io.nodedb.NodeDb;
import io.nodedb.RequestOptions;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.bench.kv.BulkWriter;
import io.nodedb.bench.kv.Records;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Fills the log of a new database, of which no checkpoint is taken, says how many writes those
 * were, and waits to be killed.
 */
final class WalLoader {
    static final String COLLECTION = "log";
    static final Records RECORDS = new Records(100);

    private static final String POSITION_GAUGE = "nodedb_wal_position_bytes";

    /** Writes between two looks at the log's length. */
    private static final int LOOK_EVERY = 1_024;

    private WalLoader() {}

    /** Arguments: the directory, how many bytes of log, how many keys. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long bytes = Long.parseLong(arguments[1]);
        long keys = Long.parseLong(arguments[2]);
        NodeDb database = NodeDb.open(Path.of(arguments[0]), withoutCheckpoints());
        KeyValue log =
                database.kv(COLLECTION).with(RequestOptions.DEFAULTS.durability(Durability.ASYNC));
        BulkWriter writer = new BulkWriter(log.async());
        byte[] key = new byte[Records.KEY_BYTES];
        byte[] value = new byte[RECORDS.valueBytes()];
        double until = position(database) + bytes;
        long writes = 0;
        while (writes % LOOK_EVERY != 0 || position(database) < until) {
            long number = numberOf(writes, keys);
            RECORDS.key(number, key);
            RECORDS.value(number, writes, value);
            writer.put(key, value);
            writes++;
        }
        writer.finish();
        Said.say(Said.LOADED, writes);
        Said.awaitEndOfInput();
    }

    /** Which key the n-th write is to; its value has n as its version. */
    static long numberOf(long write, long keys) {
        return Long.remainderUnsigned(Records.mix(write), keys);
    }

    static Settings withoutCheckpoints() {
        return Settings.defaults()
                .with(WalSettings.CHECKPOINT_INTERVAL, Duration.ofDays(1))
                .with(WalSettings.CHECKPOINT_WAL, WalSettings.CHECKPOINT_WAL.max());
    }

    private static double position(NodeDb database) {
        for (MetricRegistry.Entry entry : database.metrics().entries()) {
            if (entry.name().equals(POSITION_GAUGE) && entry.metric() instanceof Gauge gauge) {
                return gauge.get();
            }
        }
        throw new IllegalStateException("there is no metric " + POSITION_GAUGE);
    }
}
