package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lettuce; {@code client} makes further connections. */
record LettucePort(RedisClient client, StatefulRedisConnection<String, String> connection)
        implements ClientPort {
    private RedisCommands<String, String> redis() {
        return connection.sync();
    }

    @Override
    public void set(String key, String value) {
        assertThat(redis().set(key, value)).isEqualTo("OK");
    }

    @Override
    public @Nullable String get(String key) {
        return redis().get(key);
    }

    @Override
    public void push(String key, String item) {
        long ignored = redis().rpush(key, item);
    }

    @Override
    public Class<? extends RuntimeException> refusal() {
        return RedisCommandExecutionException.class;
    }

    @Override
    public List<Long> incrementTogether(String key, int count) throws Exception {
        connection.setAutoFlushCommands(false);
        List<RedisFuture<Long>> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(connection.async().incr(key));
        }
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
        List<Long> numbers = new ArrayList<>();
        for (RedisFuture<Long> reply : replies) {
            numbers.add(reply.get(ClientContract.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        return numbers;
    }

    @Override
    public void watch(String key) {
        assertThat(redis().watch(key)).isEqualTo("OK");
    }

    @Override
    public @Nullable List<Object> setAndIncrement(String key, String value) {
        assertThat(redis().multi()).isEqualTo("OK");
        // Their replies come with EXEC's.
        Object ignored = redis().set(key, value);
        ignored = redis().incr(key);
        TransactionResult done = redis().exec();
        return done.wasDiscarded() ? null : done.stream().toList();
    }

    @Override
    public long publish(String channel, String message) {
        return redis().publish(channel, message);
    }

    @Override
    public Subscription subscribe(String channel, BlockingQueue<String> heard) {
        StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub();
        subscriber.addListener(new Listener(heard));
        subscriber.sync().subscribe(channel);
        return new Subscription() {
            @Override
            public void addPattern(String pattern) {
                subscriber.sync().psubscribe(pattern);
            }

            @Override
            public void end() {
                subscriber.sync().unsubscribe(channel);
                subscriber.close();
            }
        };
    }

    @Override
    public List<String> scan(String pattern, int page) {
        ScanArgs args = ScanArgs.Builder.limit(page).match(pattern);
        KeyScanCursor<String> cursor = redis().scan(ScanCursor.INITIAL, args);
        List<String> found = new ArrayList<>(cursor.getKeys());
        while (!cursor.isFinished()) {
            cursor = redis().scan(cursor, args);
            found.addAll(cursor.getKeys());
        }
        return found;
    }

    @Override
    public void close() {
        connection.close();
    }

    /** Tells what it hears as text. */
    private static final class Listener extends RedisPubSubAdapter<String, String> {
        private final BlockingQueue<String> heard;

        Listener(BlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        public void message(String channel, String message) {
            heard.add(channel + ": " + message);
        }

        @Override
        public void message(String pattern, String channel, String message) {
            heard.add(pattern + " " + channel + ": " + message);
        }

        @Override
        public void subscribed(String channel, long count) {
            heard.add("subscribed " + channel);
        }

        @Override
        public void psubscribed(String pattern, long count) {
            heard.add("subscribed " + pattern);
        }
    }
}
