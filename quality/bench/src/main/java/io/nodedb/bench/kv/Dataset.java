package io.nodedb.bench.kv;

import java.util.SplittableRandom;

/**
 * What a store must contain: for every key the version last written, for every counter its sum.
 * Each key and counter belongs to one of the writing threads, which alone changes its entry here;
 * so every answer can be checked exactly.
 */
final class Dataset {
    static final int COUNTERS = 10_000;

    private static final long SEED = 42;

    private final Records records;
    private final long[] versions;
    private final long[] sums = new long[COUNTERS];

    Dataset(Records records, long keys) {
        this.records = records;
        versions = new long[Math.toIntExact(keys)];
    }

    Records records() {
        return records;
    }

    /** The same numbers in every run, others for every thread. */
    static SplittableRandom random(int thread) {
        return new SplittableRandom(SEED + thread);
    }

    /** Any key. */
    int anyKey(SplittableRandom random) {
        return random.nextInt(versions.length);
    }

    /** A key that belongs to one of several threads. */
    int ownKey(SplittableRandom random, int thread, int threads) {
        return random.nextInt(versions.length / threads) * threads + thread;
    }

    /** A counter that belongs to one of several threads. */
    int ownCounter(SplittableRandom random, int thread, int threads) {
        return random.nextInt(COUNTERS / threads) * threads + thread;
    }

    /** The counters' keys come after the others. */
    long counterNumber(int counter) {
        return versions.length + (long) counter;
    }

    long version(int key) {
        return versions[key];
    }

    long nextVersion(int key) {
        return ++versions[key];
    }

    long nextSum(int counter) {
        return ++sums[counter];
    }

    /** Reads {@code count} keys back, any of them, and returns how many values are wrong. */
    long countWrong(KeyValueStore store, int count) throws Exception {
        SplittableRandom random = random(-1);
        byte[] key = new byte[Records.KEY_BYTES];
        long wrong = 0;
        for (int i = 0; i < count; i++) {
            int number = anyKey(random);
            records.key(number, key);
            byte[] value = store.get(key);
            if (value == null || !records.matches(number, versions[number], value)) {
                wrong++;
            }
        }
        return wrong;
    }
}
