package io.nodedb;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A key-value collection for callers that do not wait; each method as in {@link
 * KeyValueOperations}. What one thread asks of one key takes effect in the order of asking.
 *
 * <p><b>Stages complete on one thread of the database, {@code lane-shared}.</b> What depends on
 * them directly must be short and must not wait for the database (that is refused); longer work
 * belongs on an executor of the caller's: {@code stage.thenApplyAsync(work, executor)}.
 *
 * <p>When a core has no room the stage fails at once with {@code RESOURCES_EXHAUSTED}: nothing was
 * done, and the caller may retry. Safe for every thread.
 */
public interface AsyncKeyValue {
    CompletionStage<byte @Nullable []> get(byte[] key);

    CompletionStage<Boolean> exists(byte[] key);

    CompletionStage<Boolean> put(byte[] key, byte[] value, PutOptions options);

    CompletionStage<Boolean> delete(byte[] key);

    CompletionStage<Long> increment(byte[] key, long delta);

    CompletionStage<Boolean> compareAndPut(byte[] key, byte[] expected, byte[] value);

    CompletionStage<Boolean> compareAndDelete(byte[] key, byte[] expected);

    CompletionStage<byte @Nullable []> getAndPut(byte[] key, byte[] value);

    CompletionStage<byte @Nullable []> getAndDelete(byte[] key);

    CompletionStage<Boolean> expire(byte[] key, Duration life);

    CompletionStage<Boolean> persist(byte[] key);

    CompletionStage<Optional<Duration>> ttl(byte[] key);

    /** Stores a value without expiry, whatever was there. */
    default CompletionStage<Boolean> put(byte[] key, byte[] value) {
        return put(key, value, PutOptions.DEFAULTS);
    }
}
