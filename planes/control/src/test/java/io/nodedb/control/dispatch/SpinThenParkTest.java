package io.nodedb.control.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.testkit.VirtualTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpinThenParkTest {
    private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

    @Test
    void parkedCallerIsWokenByCompletion() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        AwaitedStage<String> awaited = new AwaitedStage<>(future);
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            waiting.countDown();
                            result.complete(wait(awaited));
                        });
        waiting.await();
        future.complete("done");
        waiter.join();
        assertThat(result.join()).isTrue();
        assertThat(awaited.result()).isEqualTo("done");
    }

    @Test
    void interruptNeitherEndsTheWaitNorGetsLost() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        AwaitedStage<String> awaited = new AwaitedStage<>(future);
        CompletableFuture<Boolean> interruptedAfter = new CompletableFuture<>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            boolean complete = wait(awaited);
                            interruptedAfter.complete(
                                    complete && Thread.currentThread().isInterrupted());
                        });
        future.complete("done");
        waiter.join();
        assertThat(interruptedAfter.join()).isTrue();
    }

    @Test
    void waitEndsWhenItsTimeHasPassed() {
        VirtualTime time = new VirtualTime();
        SpinThenPark wait = new SpinThenPark(time, 0);
        assertThat(wait.await(new AwaitedStage<>(new CompletableFuture<>()), time.nanoTime()))
                .isFalse();
    }

    private static boolean wait(AwaitedStage<String> awaited) {
        return new SpinThenPark(SystemTimeSource.INSTANCE, SpinThenPark.MAX_SPIN_NANOS)
                .await(awaited, System.nanoTime() + LONG_NANOS);
    }
}
