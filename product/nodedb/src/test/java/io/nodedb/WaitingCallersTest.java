package io.nodedb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers that wait stand in for the database's threads while these sleep: whoever does the work,
 * every answer is right and nothing is done twice.
 */
@Timeout(120)
class WaitingCallersTest {
    private static final int CALLS = 2_000;
    private static final int KEYS = 7;

    @TempDir private Path directory;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private static Settings cores(int cores) {
        return Settings.builder(RuntimeSettings.ALL)
                .explicit("data_cores", Integer.toString(cores))
                .explicit("partitions", "5")
                .build();
    }

    private static KeyValue counters(NodeDb db, Durability durability) {
        return db.kv("counters").with(RequestOptions.DEFAULTS.durability(durability));
    }

    private Thread caller(Thread.Builder builder, Runnable calls) {
        return builder.start(() -> {
            try {
                calls.run();
            } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
            }
        });
    }

    private static void incrementEach(KeyValue counters) {
        for (int i = 0; i < CALLS; i++) {
            String key = "counter-" + i % KEYS;
            long sum = counters.increment(key, 1);
            String read = counters.get(key);
            assertThat(read).as("its own write is seen").isNotNull();
            assertThat(Long.parseLong(read)).isGreaterThanOrEqualTo(sum);
        }
    }

    private static byte[] key(int call) {
        return ("counter-" + call % KEYS).getBytes(UTF_8);
    }

    private static void incrementAsync(KeyValue counters) {
        List<CompletionStage<Long>> answers = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            answers.add(counters.async().increment(key(i), 1));
            if (answers.size() == 16) {
                answers.forEach(answer -> answer.toCompletableFuture().join());
                answers.clear();
            }
        }
        answers.forEach(answer -> answer.toCompletableFuture().join());
    }

    private void run(NodeDb db, Durability durability) throws InterruptedException {
        KeyValue counters = counters(db, durability);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            callers.add(caller(Thread.ofPlatform(), () -> incrementEach(counters)));
        }
        callers.add(caller(Thread.ofVirtual(), () -> incrementEach(counters)));
        callers.add(caller(Thread.ofPlatform(), () -> incrementAsync(counters)));
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(sum(counters)).isEqualTo((long) callers.size() * CALLS);
    }

    private static long sum(KeyValue counters) {
        long sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += Long.parseLong(String.valueOf(counters.get("counter-" + i)));
        }
        return sum;
    }

    @Test
    void callersOfOneCoreCountRight() throws InterruptedException {
        try (NodeDb db = NodeDb.inMemory(cores(1))) {
            run(db, Durability.ASYNC);
        }
    }

    @Test
    void callersOfSeveralCoresCountRightAndTheLogHasIt() throws InterruptedException {
        try (NodeDb db = NodeDb.open(directory, cores(3))) {
            run(db, Durability.ASYNC);
        }
        try (NodeDb db = NodeDb.open(directory, cores(1))) {
            assertThat(sum(counters(db, Durability.ASYNC))).isEqualTo(5L * CALLS);
        }
    }

    /** An interrupt must not reach the files of the log. */
    @Test
    void interruptedCallersDoNoHarm() throws InterruptedException {
        try (NodeDb db = NodeDb.open(directory, cores(1))) {
            KeyValue counters = counters(db, Durability.SYNC);
            CountDownLatch started = new CountDownLatch(2);
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                callers.add(
                        caller(
                                Thread.ofPlatform(),
                                () -> {
                                    started.countDown();
                                    for (int call = 0; call < 300; call++) {
                                        counters.increment("counter-0", 1);
                                        boolean ignored = Thread.interrupted();
                                    }
                                }));
            }
            started.await();
            while (callers.stream().anyMatch(Thread::isAlive)) {
                callers.forEach(Thread::interrupt);
                Thread.onSpinWait();
            }
            assertThat(failure.get()).isNull();
            assertThat(db.health().canWrite()).isTrue();
            assertThat(counters.get("counter-0")).isEqualTo("600");
        }
    }
}
