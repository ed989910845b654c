package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Jedis; {@code open} makes further connections. */
record JedisPort(Jedis jedis, Supplier<Jedis> open) implements ClientPort {
    @Override
    public void set(String key, String value) {
        assertThat(jedis.set(key, value)).isEqualTo("OK");
    }

    @Override
    public @Nullable String get(String key) {
        return jedis.get(key);
    }

    @Override
    public void push(String key, String item) {
        long ignored = jedis.rpush(key, item);
    }

    @Override
    public Class<? extends RuntimeException> refusal() {
        return JedisDataException.class;
    }

    @Override
    public List<Long> incrementTogether(String key, int count) {
        Pipeline pipeline = jedis.pipelined();
        List<Response<Long>> replies =
                IntStream.range(0, count).mapToObj(i -> pipeline.incr(key)).toList();
        pipeline.sync();
        return replies.stream().map(Response::get).toList();
    }

    @Override
    public void watch(String key) {
        assertThat(jedis.watch(key)).isEqualTo("OK");
    }

    @Override
    public @Nullable List<Object> setAndIncrement(String key, String value) {
        Transaction transaction = jedis.multi();
        // Their replies come with EXEC's.
        Response<?> ignored = transaction.set(key, value);
        ignored = transaction.incr(key);
        return transaction.exec();
    }

    @Override
    public long publish(String channel, String message) {
        return jedis.publish(channel, message);
    }

    @Override
    public Subscription subscribe(String channel, BlockingQueue<String> heard) {
        Listener listener = new Listener(heard);
        listener.thread =
                Thread.ofPlatform()
                        .name("subscriber")
                        .start(() -> {
                            try (Jedis other = open.get()) {
                                other.subscribe(listener, channel);
                            }
                        });
        return listener;
    }

    @Override
    public List<String> scan(String pattern, int page) {
        List<String> found = new ArrayList<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> next =
                    jedis.scan(cursor, new ScanParams().match(pattern).count(page));
            found.addAll(next.getResult());
            cursor = next.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return found;
    }

    @Override
    public void close() {
        jedis.close();
    }

    /** Tells what it hears as text. */
    private static final class Listener extends JedisPubSub implements Subscription {
        private final BlockingQueue<String> heard;
        private @Nullable Thread thread;

        Listener(BlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        public void addPattern(String pattern) {
            psubscribe(pattern);
        }

        @Override
        public void end() throws InterruptedException {
            unsubscribe();
            punsubscribe();
            Thread subscriber = thread;
            if (subscriber != null) {
                subscriber.join(TimeUnit.SECONDS.toMillis(ClientContract.PATIENCE_SECONDS));
                assertThat(subscriber.isAlive()).isFalse();
            }
        }

        @Override
        public void onMessage(String channel, String message) {
            heard.add(channel + ": " + message);
        }

        @Override
        public void onPMessage(String pattern, String channel, String message) {
            heard.add(pattern + " " + channel + ": " + message);
        }

        @Override
        public void onSubscribe(String channel, int subscriptions) {
            heard.add("subscribed " + channel);
        }

        @Override
        public void onPSubscribe(String pattern, int subscriptions) {
            heard.add("subscribed " + pattern);
        }
    }
}
