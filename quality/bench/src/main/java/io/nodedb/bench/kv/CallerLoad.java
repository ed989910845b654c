package io.nodedb.bench.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Threads that call, wait for the answer, check it, and call again. Making keys and values and
 * checking answers is outside of the latency and inside of the rate, for every contestant alike.
 */
final class CallerLoad {
    private static final int PRECISION = 3;

    private final KeyValueStore store;
    private final KvWork work;
    private final Dataset dataset;
    private final Window window;

    CallerLoad(KeyValueStore store, KvWork work, Dataset dataset, Window window) {
        this.store = store;
        this.work = work;
        this.dataset = dataset;
        this.window = window;
    }

    /**
     * Fills the histogram with nanoseconds; returns how many operations failed or answered wrongly.
     */
    long run(Histogram nanos) throws InterruptedException {
        List<Caller> callers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < work.callers(); i++) {
            Caller caller = new Caller(i);
            callers.add(caller);
            threads.add(Thread.ofPlatform().name("caller-" + i).start(caller));
        }
        window.watch();
        long failed = 0;
        for (int i = 0; i < callers.size(); i++) {
            threads.get(i).join();
            nanos.add(callers.get(i).nanos);
            failed += callers.get(i).failed;
        }
        return failed;
    }

    private final class Caller implements Runnable {
        private final int thread;
        private final SplittableRandom random;
        private final byte[] key = new byte[Records.KEY_BYTES];
        private final byte[] value = new byte[dataset.records().valueBytes()];
        private final Histogram nanos = new Histogram(PRECISION);
        private long failed;
        private long began;

        Caller(int thread) {
            this.thread = thread;
            this.random = Dataset.random(thread);
        }

        @Override
        public void run() {
            while (!window.isOver(System.nanoTime())) {
                try {
                    if (!operate()) {
                        failed++;
                    }
                } catch (Exception e) {
                    if (failed++ == 0) {
                        e.printStackTrace();
                    }
                }
            }
        }

        /** False when the answer is wrong. */
        private boolean operate() throws Exception {
            return switch (work.operation()) {
                case GET -> get();
                case PUT -> put();
                case INCREMENT -> increment((NodeDbStore) store);
            };
        }

        private boolean get() throws Exception {
            int number = dataset.anyKey(random);
            dataset.records().key(number, key);
            began = System.nanoTime();
            byte[] answer = store.get(key);
            ended();
            return answer != null
                    && dataset.records().matches(number, dataset.version(number), answer);
        }

        private boolean put() throws Exception {
            int number = dataset.ownKey(random, thread, work.callers());
            dataset.records().key(number, key);
            dataset.records().value(number, dataset.nextVersion(number), value);
            began = System.nanoTime();
            store.put(key, value, work.tier());
            ended();
            return true;
        }

        private boolean increment(NodeDbStore nodeDb) {
            int counter = dataset.ownCounter(random, thread, work.callers());
            dataset.records().key(dataset.counterNumber(counter), key);
            began = System.nanoTime();
            long sum = nodeDb.increment(key, work.tier());
            ended();
            return sum == dataset.nextSum(counter);
        }

        private void ended() {
            long now = System.nanoTime();
            if (window.contains(began, now)) {
                nanos.recordValue(now - began);
            }
        }
    }
}
