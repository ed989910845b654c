package io.nodedb.control.dispatch;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.port.CallerWait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A stage as something that a caller's thread can wait for. */
final class AwaitedStage<T> implements CallerWait.Awaited {
    private final CompletableFuture<T> future;
    private volatile @Nullable Thread waiter;

    @SuppressWarnings("FutureReturnValueIgnored") // the stage that only unparks has no result
    AwaitedStage(CompletionStage<T> stage) {
        future = stage.toCompletableFuture();
        future.whenComplete((result, failure) -> unpark());
    }

    @Override
    public boolean isComplete() {
        return future.isDone();
    }

    @Override
    public void unparkOnCompletion(Thread thread) {
        waiter = thread;
    }

    boolean failedWith(ErrorCode code) {
        return future.isCompletedExceptionally()
                && future.exceptionNow() instanceof NodeDbException failure
                && failure.code() == code;
    }

    /** The result of a completed stage, or its failure. */
    T result() {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NodeDbException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void unpark() {
        Thread parked = waiter;
        if (parked != null) {
            LockSupport.unpark(parked);
        }
    }
}
