package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.control.kv.KvClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link AsyncKeyValue} over the Control Plane. */
final class CollectionAsyncKeyValue implements AsyncKeyValue {
    private final KvClient client;
    private final TimeSource time;

    CollectionAsyncKeyValue(KvClient client, TimeSource time) {
        this.client = client;
        this.time = time;
    }

    @Override
    public CompletionStage<byte @Nullable []> get(byte[] key) {
        return client.getAsync(requireNonNull(key, "key"));
    }

    @Override
    public CompletionStage<Boolean> exists(byte[] key) {
        return client.existsAsync(requireNonNull(key, "key"));
    }

    @Override
    public CompletionStage<Boolean> put(byte[] key, byte[] value, PutOptions options) {
        return client.putAsync(
                requireNonNull(key, "key"),
                requireNonNull(value, "value"),
                options.condition(),
                options.expireAtMillis(time.epochMillis()));
    }

    @Override
    public CompletionStage<Boolean> delete(byte[] key) {
        return client.deleteAsync(requireNonNull(key, "key"));
    }

    @Override
    public CompletionStage<Long> increment(byte[] key, long delta) {
        return client.incrementAsync(requireNonNull(key, "key"), delta);
    }

    @Override
    public CompletionStage<Boolean> compareAndPut(byte[] key, byte[] expected, byte[] value) {
        return client.compareAndPutAsync(
                requireNonNull(key, "key"),
                requireNonNull(expected, "expected"),
                requireNonNull(value, "value"),
                0);
    }

    @Override
    public CompletionStage<Boolean> compareAndDelete(byte[] key, byte[] expected) {
        return client.compareAndDeleteAsync(
                requireNonNull(key, "key"), requireNonNull(expected, "expected"));
    }

    @Override
    public CompletionStage<byte @Nullable []> getAndPut(byte[] key, byte[] value) {
        return client.getAndPutAsync(requireNonNull(key, "key"), requireNonNull(value, "value"));
    }

    @Override
    public CompletionStage<byte @Nullable []> getAndDelete(byte[] key) {
        return client.getAndDeleteAsync(requireNonNull(key, "key"));
    }

    @Override
    public CompletionStage<Boolean> expire(byte[] key, Duration life) {
        long lifeMillis = PutOptions.positiveMillis(life);
        return client.expireAtAsync(
                requireNonNull(key, "key"), PutOptions.later(time.epochMillis(), lifeMillis));
    }

    @Override
    public CompletionStage<Boolean> persist(byte[] key) {
        return client.expireAtAsync(requireNonNull(key, "key"), 0);
    }

    @Override
    public CompletionStage<Optional<Duration>> ttl(byte[] key) {
        return client.expiryAsync(requireNonNull(key, "key"))
                .thenApply(at -> Expiries.remaining(at, time.epochMillis()));
    }
}
