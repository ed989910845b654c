package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.kv.KvClient;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link KeyValue} over the Control Plane. */
final class CollectionKeyValue implements KeyValue {
    private final ControlPlane control;
    private final KvClient client;
    private final TimeSource time;

    CollectionKeyValue(ControlPlane control, KvClient client, TimeSource time) {
        this.control = control;
        this.client = client;
        this.time = time;
    }

    @Override
    public String name() {
        return client.name();
    }

    @Override
    public AsyncKeyValue async() {
        return new CollectionAsyncKeyValue(client, time);
    }

    @Override
    public KeyValue with(RequestOptions options) {
        return new CollectionKeyValue(
                control, client.with(options.over(control.callDefaults())), time);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return client.get(requireNonNull(key, "key"));
    }

    @Override
    public boolean exists(byte[] key) {
        return client.exists(requireNonNull(key, "key"));
    }

    @Override
    public boolean put(byte[] key, byte[] value, PutOptions options) {
        return client.put(
                requireNonNull(key, "key"),
                requireNonNull(value, "value"),
                options.condition(),
                options.expireAtMillis(time.epochMillis()));
    }

    @Override
    public boolean delete(byte[] key) {
        return client.delete(requireNonNull(key, "key"));
    }

    @Override
    public long increment(byte[] key, long delta) {
        return client.increment(requireNonNull(key, "key"), delta);
    }

    @Override
    public boolean compareAndPut(byte[] key, byte[] expected, byte[] value) {
        return client.compareAndPut(
                requireNonNull(key, "key"),
                requireNonNull(expected, "expected"),
                requireNonNull(value, "value"),
                0);
    }

    @Override
    public boolean compareAndDelete(byte[] key, byte[] expected) {
        return client.compareAndDelete(
                requireNonNull(key, "key"), requireNonNull(expected, "expected"));
    }

    @Override
    public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
        return client.getAndPut(requireNonNull(key, "key"), requireNonNull(value, "value"));
    }

    @Override
    public byte @Nullable [] getAndDelete(byte[] key) {
        return client.getAndDelete(requireNonNull(key, "key"));
    }

    @Override
    public boolean expire(byte[] key, Duration life) {
        long lifeMillis = PutOptions.positiveMillis(life);
        return client.expireAt(
                requireNonNull(key, "key"), PutOptions.later(time.epochMillis(), lifeMillis));
    }

    @Override
    public boolean persist(byte[] key) {
        return client.expireAt(requireNonNull(key, "key"), 0);
    }

    @Override
    public Optional<Duration> ttl(byte[] key) {
        return Expiries.remaining(client.expiry(requireNonNull(key, "key")), time.epochMillis());
    }

    @Override
    public Scan scan() {
        return new Scan(control.scan(client.collection(), client.options()));
    }

    @Override
    public long count() {
        return control.count(client.collection(), client.options());
    }
}
