package io.nodedb.assembly;

import io.nodedb.base.errors.NodeDbException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** How the work of opening is spread: each job loads the engines of one core. */
public enum Loading {
    /** One job after the other on the opening thread. */
    IN_ORDER {
        @Override
        <T> List<T> run(List<Callable<T>> jobs) throws IOException {
            List<T> results = new ArrayList<>();
            for (Callable<T> job : jobs) {
                FutureTask<T> task = new FutureTask<>(job);
                task.run();
                results.add(result(task));
            }
            return results;
        }
    },

    /** A thread for each job. */
    AT_ONCE {
        @Override
        <T> List<T> run(List<Callable<T>> jobs) throws IOException {
            List<FutureTask<T>> tasks = new ArrayList<>();
            for (Callable<T> job : jobs) {
                FutureTask<T> task = new FutureTask<>(job);
                tasks.add(task);
                Thread.ofPlatform()
                        .name("load-core-" + (tasks.size() - 1))
                        .daemon(true)
                        .start(task);
            }
            List<T> results = new ArrayList<>();
            Throwable failure = null;
            for (FutureTask<T> task : tasks) {
                try {
                    results.add(result(task));
                } catch (Throwable failed) {
                    failure = failure == null ? failed : failure;
                }
            }
            if (failure != null) {
                throw rethrow(failure);
            }
            return results;
        }
    };

    /** When it fails, none of the jobs runs any more. */
    abstract <T> List<T> run(List<Callable<T>> jobs) throws IOException;

    private static <T> T result(FutureTask<T> task) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrow(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrow(@Nullable Throwable cause) {
        return switch (Objects.requireNonNull(cause)) {
            case IOException failed -> failed;
            case UncheckedIOException failed -> new IOException(failed);
            case NodeDbException failed -> throw failed;
            case RuntimeException failed -> throw failed;
            case Error failed -> throw failed;
            default -> throw new IllegalStateException(cause);
        };
    }
}
