package io.nodedb.bench.kv;

import io.nodedb.AsyncKeyValue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One thread that asks for a batch of operations without waiting, waits for all their answers,
 * checks them, and asks again: a pipeline as a Redis client's. The latency of an operation is the
 * time until its own answer.
 */
final class PipelinedLoad {
    private static final int PRECISION = 3;

    /** As the database's own callers: looking this long costs less than a sleep. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final AsyncKeyValue keyValue;
    private final KvWork work;
    private final Dataset dataset;
    private final Window window;
    private final Slot[] slots;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final SplittableRandom random = Dataset.random(0);
    private final Histogram nanos = new Histogram(PRECISION);
    private volatile @Nullable Thread waiting;
    private long failed;

    PipelinedLoad(AsyncKeyValue keyValue, KvWork work, Dataset dataset, Window window) {
        this.keyValue = keyValue;
        this.work = work;
        this.dataset = dataset;
        this.window = window;
        slots = new Slot[work.pipeline()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
    }

    /** As {@link CallerLoad#run}. */
    long run(Histogram into) throws InterruptedException {
        Thread caller = Thread.ofPlatform().name("caller-0").start(this::ask);
        window.watch();
        caller.join();
        into.add(nanos);
        return failed;
    }

    private void ask() {
        while (!window.isOver(System.nanoTime())) {
            unanswered.set(slots.length);
            for (Slot slot : slots) {
                slot.send();
            }
            awaitAnswers();
            for (Slot slot : slots) {
                slot.check();
            }
        }
    }

    private void awaitAnswers() {
        long until = System.nanoTime() + SPIN_NANOS;
        while (unanswered.get() > 0) {
            if (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            } else {
                waiting = Thread.currentThread();
                if (unanswered.get() > 0) {
                    LockSupport.park(this);
                }
                waiting = null;
            }
        }
    }

    private void answered() {
        if (unanswered.decrementAndGet() == 0) {
            LockSupport.unpark(waiting);
        }
    }

    /** One place of the pipeline; completed by the database's thread, otherwise the caller's. */
    private final class Slot implements BiConsumer<@Nullable Object, @Nullable Throwable> {
        private final byte[] key = new byte[Records.KEY_BYTES];
        private final byte[] value = new byte[dataset.records().valueBytes()];
        private int number;
        private long version;
        private long began;
        private long ended;
        private @Nullable Object answer;
        private @Nullable Throwable failure;

        void send() {
            number = dataset.anyKey(random);
            dataset.records().key(number, key);
            CompletionStage<?> stage =
                    switch (work.operation()) {
                        case GET -> {
                            version = dataset.version(number);
                            began = System.nanoTime();
                            yield keyValue.get(key);
                        }
                        case PUT -> {
                            version = dataset.nextVersion(number);
                            dataset.records().value(number, version, value);
                            began = System.nanoTime();
                            yield keyValue.put(key, value);
                        }
                        case INCREMENT -> throw new IllegalStateException("is not pipelined");
                    };
            CompletionStage<?> ignored = stage.whenComplete(this);
        }

        @Override
        public void accept(@Nullable Object result, @Nullable Throwable thrown) {
            ended = System.nanoTime();
            answer = result;
            failure = thrown;
            answered();
        }

        void check() {
            if (failure != null) {
                if (failed++ == 0) {
                    failure.printStackTrace();
                }
                return;
            }
            boolean right =
                    work.operation() == KvWork.Operation.PUT
                            ? Boolean.TRUE.equals(answer)
                            : answer instanceof byte[] bytes
                                    && dataset.records().matches(number, version, bytes);
            if (!right) {
                failed++;
            }
            if (window.contains(began, ended)) {
                nanos.recordValue(ended - began);
            }
        }
    }
}
