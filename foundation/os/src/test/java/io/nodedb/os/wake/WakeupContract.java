package io.nodedb.os.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.allocation.AllocationMeter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Wakeup} keeps. A test that hangs has lost a signal. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class WakeupContract {
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final int ROUNDS =
            System.getProperty("nodedb.long", "").equals("wakeup") ? 1_000_000 : 100_000;

    protected abstract Wakeup create();

    @Test
    public void signalBeforeAwaitReturnsAtOnce() {
        try (Wakeup wakeup = create()) {
            wakeup.signal();
            assertThat(wakeup.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    public void awaitConsumesAllSignals() {
        try (Wakeup wakeup = create()) {
            for (int i = 0; i < 1000; i++) {
                wakeup.signal();
            }
            assertThat(wakeup.await(FOR_EVER)).isTrue();
            assertThat(wakeup.await(0)).isFalse();
        }
    }

    @Test
    public void awaitReturnsFalseAfterTheTime() {
        try (Wakeup wakeup = create()) {
            long start = System.nanoTime();
            assertThat(wakeup.await(2_000_000)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
            assertThat(wakeup.await(1)).isFalse();
            assertThat(wakeup.await(0)).isFalse();
            assertThat(wakeup.await(-1)).isFalse();
        }
    }

    @Test
    public void interruptNeitherWakesNorGetsLost() throws Exception {
        try (Wakeup wakeup = create()) {
            CompletableFuture<Boolean> woken = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread owner =
                    Thread.ofPlatform()
                            .start(() -> {
                                Thread.currentThread().interrupt();
                                woken.complete(wakeup.await(1_000_000));
                                wakeup.await(FOR_EVER);
                                interrupted.complete(Thread.interrupted());
                            });
            assertThat(woken.get()).isFalse();
            wakeup.signal();
            assertThat(interrupted.get()).isTrue();
            owner.join();
        }
    }

    @Test
    public void signalAfterCloseDoesNothing() {
        Wakeup wakeup = create();
        wakeup.close();
        wakeup.signal();
        wakeup.close();
        wakeup.signal();
        assertThatThrownBy(() -> wakeup.await(0)).isInstanceOf(BugException.class);
    }

    @Test
    public void handsOverWithoutATimeout() throws Exception {
        try (Wakeup ping = create();
                Wakeup pong = create()) {
            AtomicLong turn = new AtomicLong();
            Thread other =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (long round = 0; round < ROUNDS; round++) {
                                    while (turn.get() != 2 * round + 1) {
                                        ping.await(FOR_EVER);
                                    }
                                    turn.set(2 * round + 2);
                                    pong.signal();
                                }
                            });
            for (long round = 0; round < ROUNDS; round++) {
                turn.set(2 * round + 1);
                ping.signal();
                while (turn.get() != 2 * round + 2) {
                    pong.await(FOR_EVER);
                }
            }
            other.join();
        }
    }

    @Test
    public void everySignalOfSeveralThreadsIsSeen() throws Exception {
        int producers = 3;
        try (Wakeup wakeup = create()) {
            AtomicLong produced = new AtomicLong();
            Thread[] threads = new Thread[producers];
            for (int t = 0; t < producers; t++) {
                threads[t] =
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = 0; i < ROUNDS / 10; i++) {
                                        produced.incrementAndGet();
                                        wakeup.signal();
                                    }
                                });
            }
            long expected = (long) producers * (ROUNDS / 10);
            while (produced.get() < expected) {
                wakeup.await(FOR_EVER);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    public void closingAmongSignalsIsSafe() throws Exception {
        for (int round = 0; round < 200; round++) {
            Wakeup wakeup = create();
            Thread producer =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 100; i++) {
                                    wakeup.signal();
                                }
                            });
            wakeup.await(TimeUnit.MILLISECONDS.toNanos(1));
            wakeup.close();
            producer.join();
        }
    }

    @Test
    public void signalAndAwaitAllocateNothing() {
        try (Wakeup wakeup = create()) {
            Runnable operation =
                    () -> {
                        wakeup.signal();
                        wakeup.await(FOR_EVER);
                        wakeup.await(0);
                        wakeup.await(1);
                    };
            assertThat(AllocationMeter.bytesPerOperation(operation)).isZero();
        }
    }
}
