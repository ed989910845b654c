package io.nodedb.bench.startup;

import io.nodedb.KeyValue;
import io.nodedb.NodeDb;
import io.nodedb.bench.kv.Records;
import io.nodedb.bench.trial.ProcessorTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Opens what {@link WalLoader} left behind, says the first row, checks the others, and waits to be
 * killed, so that the next one finds the same log.
 */
final class RecoveryProbe {
    /** Keys that are read back, spread over all. */
    private static final long CHECKED = 20_000;

    private static final long NEVER = -1;

    private RecoveryProbe() {}

    /** Arguments: the directory, the number of writes, the number of keys. */
    public static void main(String[] arguments) throws IOException {
        long writes = Long.parseLong(arguments[1]);
        int keys = Integer.parseInt(arguments[2]);
        NodeDb database = NodeDb.open(Path.of(arguments[0]), WalLoader.withoutCheckpoints());
        KeyValue log = database.kv(WalLoader.COLLECTION);
        byte[] key = new byte[Records.KEY_BYTES];
        WalLoader.RECORDS.key(WalLoader.numberOf(0, keys), key);
        byte[] row = log.get(key);
        Said.say(Said.ROW, row == null ? "absent" : FirstRow.VALUE);
        Said.say(Said.PROCESSOR_NANOS, ProcessorTime.nanos());
        Said.say(Said.WRONG, countWrong(log, lastWrites(writes, keys)));
        Said.awaitEndOfInput();
    }

    private static long[] lastWrites(long writes, int keys) {
        long[] last = new long[keys];
        Arrays.fill(last, NEVER);
        for (long write = 0; write < writes; write++) {
            last[(int) WalLoader.numberOf(write, keys)] = write;
        }
        return last;
    }

    private static long countWrong(KeyValue log, long[] lastWrites) {
        byte[] key = new byte[Records.KEY_BYTES];
        int step = (int) Math.max(1, lastWrites.length / CHECKED);
        long wrong = 0;
        for (int number = 0; number < lastWrites.length; number += step) {
            WalLoader.RECORDS.key(number, key);
            byte[] value = log.get(key);
            long version = lastWrites[number];
            boolean right =
                    version == NEVER
                            ? value == null
                            : value != null && WalLoader.RECORDS.matches(number, version, value);
            if (!right) {
                wrong++;
            }
        }
        return wrong;
    }
}
