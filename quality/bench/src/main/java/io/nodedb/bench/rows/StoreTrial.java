package io.nodedb.bench.rows;

import io.nodedb.bench.profile.Recorder;
import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.rows.SortedStore.Way;
import io.nodedb.bench.trial.ProcessorTime;
import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One contestant through all works of the part {@code store}, by one thread. */
public final class StoreTrial implements Trial {
    /** Names the folder of the recordings, one for each work; without it there are none. */
    static final String PROFILES = "profiles";

    static final String SUFFIX = ".jfr";

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long SEED = 42;

    /** Of the rows, this part is written a second time. */
    private static final int REWRITTEN_SHARE = 2;

    /** Share of the cache when it does not hold all. */
    private static final int CACHE_SHARE = 10;

    private static final int GETS_BETWEEN_LOOKS = 256;

    private RowsContestant contestant = RowsContestant.NODEDB;
    private TrialInput input = TrialInput.EMPTY;
    private DocumentRows rows = new DocumentRows();
    private int count;
    private int[] versions = new int[0];
    private long bytes;

    /** Work that counts its operations; what it finds wrong is added to {@code wrong}. */
    @FunctionalInterface
    private interface Measured {
        long run(long[] wrong) throws Exception;
    }

    @Override
    public void run(TrialInput trialInput, TrialOutput output) throws Exception {
        input = trialInput;
        contestant = RowsContestant.valueOf(input.text("contestant"));
        count = input.count("rows");
        versions = new int[count];
        for (int number = 0; number < count; number++) {
            bytes += rows.bytes(number, 0);
        }
        Path directory = input.path("directory");
        load(Files.createDirectories(directory.resolve("sorted")), output);
        Path written = Files.createDirectories(directory.resolve("written"));
        long enough = 2 * bytes;
        write(written, enough, output);
        try (SortedStore store = contestant.open(written, enough)) {
            long[] wrong = new long[1];
            walk(store, Way.FORWARD, wrong);
            timed(StoreWork.GET, output, w -> get(store, 0, w));
            timed(StoreWork.GET_ABSENT, output, w -> get(store, count, w));
            timed(StoreWork.WALK_FORWARD, output, w -> walk(store, Way.FORWARD, w));
            timed(StoreWork.WALK_BACKWARD, output, w -> walk(store, Way.BACKWARD, w));
        }
        try (SortedStore store = contestant.open(written, bytes / CACHE_SHARE)) {
            timed(StoreWork.GET_UNCACHED, output, w -> get(store, 0, w));
            timed(StoreWork.WALK_UNCACHED, output, w -> walk(store, Way.FORWARD, w));
        }
    }

    private void load(Path directory, TrialOutput output) throws Exception {
        try (SortedStore store = contestant.open(directory, bytes / CACHE_SHARE)) {
            long[] wrong = new long[1];
            measured(
                    StoreWork.LOAD,
                    output,
                    wrong,
                    () -> {
                        store.loadSorted(rows, count);
                        return (long) count;
                    },
                    () -> walk(store, Way.FORWARD, wrong));
        }
    }

    private void write(Path directory, long cacheBytes, TrialOutput output) throws Exception {
        int[] order = new int[count];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < count; i++) {
            int at = random.nextInt(i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        long[] written = new long[1];
        long before = OwnWrites.bytes();
        try (SortedStore store = contestant.open(directory, cacheBytes)) {
            long[] wrong = new long[1];
            measured(
                    StoreWork.WRITE,
                    output,
                    wrong,
                    () -> {
                        long puts = 0;
                        for (int number : order) {
                            written[0] += put(store, number, 0);
                            puts++;
                        }
                        for (; puts < count + count / REWRITTEN_SHARE; puts++) {
                            int number = random.nextInt(count);
                            written[0] += put(store, number, ++versions[number]);
                        }
                        store.settle();
                        return puts;
                    },
                    () -> walk(store, Way.FORWARD, wrong));
        }
        long writes = OwnWrites.bytes() - before;
        double live = 0;
        for (int number = 0; number < count; number++) {
            live += rows.bytes(number, versions[number]);
        }
        List<Long> sizes = sizes(directory);
        double onDisk = sizes.stream().mapToLong(Long::longValue).sum();
        tell(StoreWork.WRITE_AMPLIFICATION, (double) writes / written[0], output);
        tell(StoreWork.SPACE_AMPLIFICATION, onDisk / live, output);
        tell(StoreWork.FILES, sizes.size(), output);
    }

    private static List<Long> sizes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).map(file -> file.toFile().length()).toList();
        }
    }

    private static void tell(StoreWork work, double value, TrialOutput output) {
        output.tell(work.work().name(), Measurement.of(value, 0));
    }

    private long put(SortedStore store, int number, int version) throws Exception {
        byte[] key = keyBuffer;
        rows.key(number, key);
        int length = rows.value(number, version, valueBuffer);
        store.put(key, valueBuffer, length);
        return (long) key.length + length;
    }

    private final byte[] keyBuffer = new byte[DocumentRows.KEY_BYTES];
    private final byte[] valueBuffer = new byte[SortedStore.ROOM];
    private final SplittableRandom gets = new SplittableRandom(SEED + 1);

    /** Reads some rows from {@code from} on, which is 0 or behind all rows. */
    private long get(SortedStore store, int from, long[] wrong) throws Exception {
        for (int i = 0; i < GETS_BETWEEN_LOOKS; i++) {
            int number = gets.nextInt(count);
            if (from == 0) {
                rows.key(number, keyBuffer);
                int length = store.get(keyBuffer, valueBuffer);
                if (length < 0 || !rows.isValue(number, versions[number], valueBuffer, length)) {
                    wrong[0]++;
                }
            } else {
                // Between two rows that are there, so only a filter or a search can tell.
                rows.key(number, keyBuffer);
                keyBuffer[keyBuffer.length - 1]++;
                if (store.get(keyBuffer, valueBuffer) >= 0) {
                    wrong[0]++;
                }
            }
        }
        return GETS_BETWEEN_LOOKS;
    }

    private long walk(SortedStore store, Way way, long[] wrong) throws Exception {
        int[] seen = new int[1];
        store.walk(
                way,
                (key, value, length) -> {
                    int number = way == Way.FORWARD ? seen[0] : count - 1 - seen[0];
                    seen[0]++;
                    if (number < 0
                            || number >= count
                            || !rows.isKey(number, key)
                            || !rows.isValue(number, versions[number], value, length)) {
                        wrong[0]++;
                    }
                });
        wrong[0] += Math.abs(count - seen[0]);
        return count;
    }

    /** Repeats for a time, after a warm-up. */
    private void timed(StoreWork work, TrialOutput output, Measured measured) throws Exception {
        long[] wrong = new long[1];
        long warmEnd = System.nanoTime() + input.nanos("warmUpMillis");
        do {
            long ignored = measured.run(wrong);
        } while (System.nanoTime() - warmEnd < 0);
        measured(
                work,
                output,
                wrong,
                () -> {
                    long operations = 0;
                    long end = System.nanoTime() + input.nanos("millis");
                    do {
                        operations += measured.run(wrong);
                    } while (System.nanoTime() - end < 0);
                    return operations;
                },
                () -> 0L);
    }

    private void measured(
            StoreWork work,
            TrialOutput output,
            long[] wrong,
            java.util.concurrent.Callable<Long> run,
            java.util.concurrent.Callable<Long> check)
            throws Exception {
        long[] result = new long[3];
        Recorder.Work timed =
                () -> {
                    long began = System.nanoTime();
                    long processor = ProcessorTime.nanos();
                    result[0] = run.call();
                    result[1] = System.nanoTime() - began;
                    result[2] = ProcessorTime.nanos() - processor;
                };
        if (input.values().containsKey(PROFILES) && contestant == RowsContestant.NODEDB) {
            Recorder.record(input.path(PROFILES).resolve(work.name() + SUFFIX), timed);
        } else {
            timed.run();
        }
        long ignored = check.call();
        output.tell(
                work.work().name(),
                Measurement.of(result[0] * NANOS_PER_SECOND / result[1], wrong[0])
                        .with(Extra.PROCESSOR_NANOS, (double) result[2] / result[0]));
    }
}
