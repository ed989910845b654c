package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.server.resp.probe.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.args.ExpiryOption;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.params.ZRangeParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.resps.Tuple;

@ParameterizedClass
@EnumSource(RedisProtocol.class)
class JedisIT {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir static Path folder;

    private static @Nullable ServerProcess server;

    @Parameter RedisProtocol protocol;

    private Jedis jedis;

    @BeforeAll
    static void startServer() {
        server = ServerProcess.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        jedis = open();
        jedis.flushAll();
    }

    @AfterEach
    void disconnect() {
        jedis.close();
    }

    private Jedis open() {
        return new Jedis(address(), DefaultJedisClientConfig.builder().protocol(protocol).build());
    }

    private static HostAndPort address() {
        return new HostAndPort(server.endpoint().host(), server.endpoint().port());
    }

    @Test
    void stringsAndCounters() {
        assertThat(jedis.set("greeting", "hello")).isEqualTo("OK");
        assertThat(jedis.get("greeting")).isEqualTo("hello");
        assertThat(jedis.get("absent")).isNull();
        assertThat(jedis.set("greeting", "again", SetParams.setParams().nx())).isNull();
        assertThat(jedis.append("greeting", ", world")).isEqualTo(12);
        assertThat(jedis.incrBy("counter", 40)).isEqualTo(40);
        assertThat(jedis.incrByFloat("counter", 2.5)).isEqualTo(42.5);
        assertThat(jedis.mget("greeting", "absent", "counter"))
                .containsExactly("hello, world", null, "42.5");
        byte[] binary = {0, -1, 13, 10, 36};
        assertThat(jedis.set("binary".getBytes(StandardCharsets.UTF_8), binary)).isEqualTo("OK");
        assertThat(jedis.get("binary".getBytes(StandardCharsets.UTF_8))).isEqualTo(binary);
    }

    @Test
    void hashes() {
        assertThat(jedis.hset("user:1", Map.of("name", "Ada", "born", "1815"))).isEqualTo(2);
        assertThat(jedis.hgetAll("user:1")).isEqualTo(Map.of("name", "Ada", "born", "1815"));
        assertThat(jedis.hincrBy("user:1", "born", 1)).isEqualTo(1816);
        assertThat(jedis.hmget("user:1", "name", "absent")).containsExactly("Ada", null);
        assertThat(jedis.hdel("user:1", "born", "absent")).isEqualTo(1);
        assertThat(jedis.hkeys("user:1")).containsExactly("name");
    }

    @Test
    void lists() {
        assertThat(jedis.rpush("queue", "a", "b", "c", "d")).isEqualTo(4);
        assertThat(jedis.lrange("queue", 0, -1)).containsExactly("a", "b", "c", "d");
        assertThat(jedis.lpop("queue", 2)).containsExactly("a", "b");
        assertThat(jedis.lmove("queue", "done", ListDirection.RIGHT, ListDirection.LEFT))
                .isEqualTo("d");
        assertThat(jedis.lindex("done", 0)).isEqualTo("d");
        assertThat(jedis.llen("queue")).isEqualTo(1);
    }

    @Test
    void sets() {
        assertThat(jedis.sadd("odd", "1", "3", "5")).isEqualTo(3);
        assertThat(jedis.sadd("small", "1", "2", "3")).isEqualTo(3);
        assertThat(jedis.sinter("odd", "small")).containsExactlyInAnyOrder("1", "3");
        assertThat(jedis.smismember("odd", "1", "2")).containsExactly(true, false);
        assertThat(jedis.sunionstore("all", "odd", "small")).isEqualTo(4);
        assertThat(Set.of("1", "2", "3", "5")).contains(jedis.spop("all"));
        assertThat(jedis.scard("all")).isEqualTo(3);
    }

    @Test
    void sortedSets() {
        assertThat(jedis.zadd("board", Map.of("ada", 3.5, "bob", 1.0, "cyd", 2.0))).isEqualTo(3);
        assertThat(jedis.zrangeWithScores("board", 0, -1))
                .containsExactly(
                        new Tuple("bob", 1.0), new Tuple("cyd", 2.0), new Tuple("ada", 3.5));
        assertThat(jedis.zadd("board", 0.5, "bob", ZAddParams.zAddParams().gt())).isZero();
        assertThat(jedis.zscore("board", "bob")).isEqualTo(1.0);
        assertThat(jedis.zrange("board", ZRangeParams.zrangeByScoreParams(9, 1.5).rev()))
                .containsExactly("ada", "cyd");
        assertThat(jedis.zincrby("board", Double.POSITIVE_INFINITY, "bob")).isInfinite();
        assertThat(jedis.zrevrank("board", "bob")).isZero();
        assertThat(jedis.zpopmin("board")).isEqualTo(new Tuple("cyd", 2.0));
    }

    @Test
    void wrongTypeIsAnErrorAndTheConnectionGoesOn() {
        jedis.set("text", "x");
        assertThatThrownBy(() -> jedis.lpush("text", "y"))
                .isInstanceOf(JedisDataException.class)
                .hasMessageStartingWith("WRONGTYPE");
        assertThat(jedis.get("text")).isEqualTo("x");
    }

    @Test
    void pipelineAnswersInOrder() {
        Pipeline pipeline = jedis.pipelined();
        List<Response<Long>> counts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            counts.add(pipeline.incr("counter"));
        }
        Response<String> last = pipeline.get("counter");
        pipeline.sync();
        assertThat(counts.stream().map(Response::get))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2_000).mapToObj(Long::valueOf).toList());
        assertThat(last.get()).isEqualTo("2000");
    }

    @Test
    void transactionTakesEffectAtOnce() {
        Transaction transaction = jedis.multi();
        Response<Long> count = transaction.incr("n");
        transaction.set("n", "text");
        Response<Long> refused = transaction.incr("n");
        Response<String> text = transaction.get("n");
        assertThat(transaction.exec()).hasSize(4);
        assertThat(count.get()).isEqualTo(1);
        assertThatThrownBy(refused::get).isInstanceOf(JedisDataException.class);
        assertThat(text.get()).isEqualTo("text");
    }

    @Test
    void watchedKeyThatChangesAbortsTheTransaction() {
        jedis.set("watched", "1");
        jedis.watch("watched");
        try (Jedis other = open()) {
            other.incr("watched");
        }
        Transaction refused = jedis.multi();
        refused.set("watched", "mine");
        assertThat(refused.exec()).isNull();
        assertThat(jedis.get("watched")).isEqualTo("2");

        jedis.watch("watched");
        Transaction passing = jedis.multi();
        passing.set("watched", "mine");
        assertThat(passing.exec()).containsExactly("OK");
        assertThat(jedis.get("watched")).isEqualTo("mine");
    }

    @Test
    void discardedTransactionChangesNothing() {
        Transaction transaction = jedis.multi();
        transaction.set("k", "v");
        assertThat(transaction.discard()).isEqualTo("OK");
        assertThat(jedis.exists("k")).isFalse();
    }

    @Test
    void messagesReachChannelsAndPatterns() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Listener listener = new Listener(heard);
        Thread subscriber =
                Thread.ofPlatform()
                        .name("subscriber")
                        .start(() -> {
                            try (Jedis other = open()) {
                                other.subscribe(listener, "news");
                            }
                        });
        assertThat(next(heard)).isEqualTo("subscribed news");
        listener.psubscribe("news.*");
        assertThat(next(heard)).isEqualTo("subscribed news.*");
        assertThat(jedis.publish("news", "one")).isEqualTo(1);
        assertThat(next(heard)).isEqualTo("news: one");
        assertThat(jedis.publish("news.sport", "two")).isEqualTo(1);
        assertThat(next(heard)).isEqualTo("news.* news.sport: two");
        assertThat(jedis.publish("other", "three")).isZero();
        listener.unsubscribe();
        listener.punsubscribe();
        subscriber.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(subscriber.isAlive()).isFalse();
        assertThat(jedis.publish("news", "four")).isZero();
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    @Test
    void scansFindEveryElementThatStays() {
        Pipeline pipeline = jedis.pipelined();
        for (int i = 0; i < 1_000; i++) {
            pipeline.set("key:" + i, "v");
            pipeline.hset("hash", "f" + i, "v");
            pipeline.zadd("zset", i, "m" + i);
        }
        pipeline.sync();
        assertThat(scanKeys(new ScanParams().match("key:*").count(37))).hasSize(1_000);
        assertThat(scanKeys(new ScanParams().match("key:99?"))).hasSize(10);
        Set<String> fields = new TreeSet<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<Map.Entry<String, String>> page = jedis.hscan("hash", cursor);
            page.getResult().forEach(entry -> fields.add(entry.getKey()));
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        assertThat(fields).hasSize(1_000);
    }

    private Set<String> scanKeys(ScanParams params) {
        Set<String> found = new TreeSet<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = jedis.scan(cursor, params);
            found.addAll(page.getResult());
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return found;
    }

    @Test
    void expiry() {
        jedis.set("session", "x", SetParams.setParams().ex(1_000));
        assertThat(jedis.ttl("session")).isBetween(900L, 1_000L);
        assertThat(jedis.expire("session", 10, ExpiryOption.GT)).isZero();
        assertThat(jedis.persist("session")).isEqualTo(1);
        assertThat(jedis.ttl("session")).isEqualTo(-1);
        assertThat(jedis.pexpire("session", 1)).isEqualTo(1);
        awaitAbsence("session");
        assertThat(jedis.ttl("session")).isEqualTo(-2);
        assertThat(jedis.dbSize()).isZero();
    }

    /** Asks until the key is gone; the patience bounds a hang and is no expectation. */
    private void awaitAbsence(String key) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (jedis.exists(key)) {
            assertThat(System.nanoTime()).as("%s stays", key).isLessThan(deadline);
        }
    }

    @Test
    void largeValues() {
        byte[] key = {1};
        byte[] value = new byte[5_000_000];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        assertThat(jedis.set(key, value)).isEqualTo("OK");
        assertThat(jedis.get(key)).isEqualTo(value);
        assertThat(jedis.getrange(key, 4_999_998, -1))
                .containsExactly(value[4_999_998], value[4_999_999]);
    }

    @Test
    void pooledClientServesManyThreads() throws InterruptedException {
        try (RedisClient client = RedisClient.create(address())) {
            List<Thread> callers =
                    IntStream.range(0, 8)
                            .mapToObj(i -> Thread.ofPlatform().start(() -> count(client)))
                            .toList();
            for (Thread caller : callers) {
                caller.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
            assertThat(client.get("shared")).isEqualTo("800");
        }
    }

    private static void count(RedisClient client) {
        for (int i = 0; i < 100; i++) {
            client.incr("shared");
        }
    }

    /** Tells what it hears as text. */
    private static final class Listener extends JedisPubSub {
        private final BlockingQueue<String> heard;

        Listener(BlockingQueue<String> heard) {
            this.heard = heard;
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
