package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
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
import redis.clients.jedis.util.KeyValue;

@ParameterizedClass
@EnumSource(RedisProtocol.class)
class JedisIT extends ClientContract {
    @Parameter RedisProtocol protocol;

    private Jedis jedis;

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
        return new HostAndPort(endpoint().host(), endpoint().port());
    }

    @Override
    ClientPort client() {
        return new JedisPort(jedis, this::open);
    }

    @Override
    ClientPort another() {
        return new JedisPort(open(), this::open);
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
    void waitingForLists() throws Exception {
        try (Jedis waiting = open()) {
            List<String> served = new ArrayList<>();
            Thread waiter =
                    Thread.ofPlatform()
                            .start(() -> {
                                served.addAll(waiting.blpop(0, "none", "work"));
                                served.add(
                                        waiting.blmove(
                                                "work",
                                                "done",
                                                ListDirection.LEFT,
                                                ListDirection.LEFT,
                                                0));
                                served.add(
                                        waiting.blmove(
                                                "work",
                                                "done",
                                                ListDirection.LEFT,
                                                ListDirection.RIGHT,
                                                0));
                            });
            for (String item : List.of("a", "b", "c")) {
                assertThat(jedis.rpush("work", item)).isPositive();
            }
            assertThat(waiter.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
            assertThat(served).containsExactly("work", "a", "b", "c");
            assertThat(jedis.lrange("done", 0, -1)).containsExactly("b", "c");
            assertThat(waiting.blpop(0.01, "work")).isNull();
            assertThat(waiting.blmpop(0.01, ListDirection.LEFT, "work")).isNull();
        }
    }

    @Test
    void waitingForSortedSets() throws Exception {
        try (Jedis waiting = open()) {
            List<Object> served = new ArrayList<>();
            Thread waiter =
                    Thread.ofPlatform()
                            .start(() -> {
                                served.add(waiting.bzpopmin(0, "none", "board"));
                                served.add(waiting.bzpopmax(0, "board"));
                            });
            assertThat(jedis.zadd("board", Map.of("ada", 1.5, "bob", 2.5))).isEqualTo(2);
            assertThat(waiter.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
            assertThat(served)
                    .containsExactly(
                            new KeyValue<>("board", new Tuple("ada", 1.5)),
                            new KeyValue<>("board", new Tuple("bob", 2.5)));
            assertThat(waiting.bzpopmin(0.01, "board")).isNull();
        }
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
    void errorWithinATransactionStopsNothing() {
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
    void discardedTransactionChangesNothing() {
        Transaction transaction = jedis.multi();
        transaction.set("k", "v");
        assertThat(transaction.discard()).isEqualTo("OK");
        assertThat(jedis.exists("k")).isFalse();
    }

    @Test
    void scansFindEveryKeyAndFieldThatStays() {
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
    void largeBinaryValues() {
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
}
