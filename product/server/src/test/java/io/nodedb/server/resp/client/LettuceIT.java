package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ExpireArgs;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(ProtocolVersion.class)
class LettuceIT extends ClientContract {
    @Parameter ProtocolVersion protocol;

    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private RedisCommands<String, String> redis;

    @BeforeEach
    void connect() {
        RedisURI address =
                RedisURI.builder()
                        .withHost(endpoint().host())
                        .withPort(endpoint().port())
                        .withTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
                        .build();
        client = RedisClient.create(address);
        client.setOptions(
                ClientOptions.builder().protocolVersion(protocol).autoReconnect(false).build());
        connection = client.connect();
        redis = connection.sync();
        redis.flushall();
    }

    @AfterEach
    void disconnect() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    @Override
    ClientPort client() {
        return new LettucePort(client, connection);
    }

    @Override
    ClientPort another() {
        return new LettucePort(client, client.connect());
    }

    @Test
    void strings() {
        assertThat(redis.set("k", "v")).isEqualTo("OK");
        assertThat(redis.set("k", "w", SetArgs.Builder.nx())).isNull();
        assertThat(redis.setGet("k", "w")).isEqualTo("v");
        assertThat(redis.incrbyfloat("n", 0.5)).isEqualTo(0.5);
        assertThat(redis.mget("k", "absent"))
                .containsExactly(KeyValue.just("k", "w"), KeyValue.empty("absent"));
        assertThat(redis.strlen("k")).isEqualTo(1);
    }

    @Test
    void waiting() throws Exception {
        try (StatefulRedisConnection<String, String> other = client.connect()) {
            var first = other.async().blpop(0, "none", "work");
            var second = other.async().blmove("work", "done", LMoveArgs.Builder.leftRight(), 0);
            var third = other.async().bzpopmin(0, "board");
            assertThat(redis.rpush("work", "a")).isPositive();
            assertThat(redis.rpush("work", "b")).isPositive();
            assertThat(redis.zadd("board", 1.5, "ada")).isEqualTo(1);
            assertThat(first.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(KeyValue.just("work", "a"));
            assertThat(second.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("b");
            assertThat(third.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(KeyValue.just("board", ScoredValue.just(1.5, "ada")));
            assertThat(redis.lrange("done", 0, -1)).containsExactly("b");
            assertThat(other.sync().blpop(0.01, "work")).isNull();
        }
    }

    @Test
    void hashes() {
        assertThat(redis.hset("h", Map.of("a", "1", "b", "2"))).isEqualTo(2);
        assertThat(redis.hgetall("h")).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(redis.hincrby("h", "a", 5)).isEqualTo(6);
        assertThat(redis.hexists("h", "absent")).isFalse();
        assertThat(redis.hrandfieldWithvalues("h", 2)).hasSize(2);
        assertThat(redis.hdel("h", "a", "b")).isEqualTo(2);
        assertThat(redis.exists("h")).isZero();
    }

    @Test
    void lists() {
        assertThat(redis.rpush("l", "a", "b", "c")).isEqualTo(3);
        assertThat(redis.linsert("l", true, "b", "x")).isEqualTo(4);
        assertThat(redis.lrange("l", 0, -1)).containsExactly("a", "x", "b", "c");
        assertThat(redis.lmove("l", "l", LMoveArgs.Builder.rightLeft())).isEqualTo("c");
        assertThat(redis.lpos("l", "b")).isEqualTo(3);
        assertThat(redis.rpop("l", 2)).containsExactly("b", "x");
    }

    @Test
    void sets() {
        assertThat(redis.sadd("s", "a", "b", "c")).isEqualTo(3);
        assertThat(redis.smembers("s")).isEqualTo(Set.of("a", "b", "c"));
        assertThat(redis.sadd("t", "c", "d")).isEqualTo(2);
        assertThat(redis.sdiff("s", "t")).isEqualTo(Set.of("a", "b"));
        assertThat(redis.smove("s", "t", "a")).isTrue();
        assertThat(redis.sintercard("s", "t")).isEqualTo(1);
    }

    @Test
    void sortedSets() {
        assertThat(redis.zadd("z", 1.0, "a", 2.25, "b", 3.0, "c")).isEqualTo(3);
        assertThat(redis.zrangeWithScores("z", 0, 1))
                .containsExactly(ScoredValue.just(1, "a"), ScoredValue.just(2.25, "b"));
        assertThat(redis.zrangebyscore("z", Range.create(2, 9), Limit.from(1)))
                .containsExactly("b");
        assertThat(redis.zincrby("z", 1.5, "a")).isEqualTo(2.5);
        assertThat(redis.zrevrank("z", "a")).isEqualTo(1);
        assertThat(redis.zmscore("z", "a", "absent")).containsExactly(2.5, null);
        assertThat(redis.zpopmax("z", 2))
                .containsExactly(ScoredValue.just(3, "c"), ScoredValue.just(2.5, "a"));
    }

    @Test
    void pushesComeBetweenRepliesInResp3() throws InterruptedException {
        if (protocol != ProtocolVersion.RESP3) {
            return;
        }
        BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
        try (StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub()) {
            subscriber.addListener(message -> pushed.add(message.getType()));
            subscriber.sync().subscribe("c");
            assertThat(next(pushed)).isEqualTo("subscribe");
            for (int i = 0; i < 100; i++) {
                // Out of band: the connection that listens may do anything else as well.
                redis.publish("c", "m" + i);
                assertThat(subscriber.sync().incr("n")).isEqualTo(i + 1);
                assertThat(next(pushed)).isEqualTo("message");
            }
        }
    }

    @Test
    void scansFindEveryMemberThatStays() {
        for (int i = 0; i < 500; i++) {
            redis.sadd("set", "m" + i);
        }
        assertThat(ScanIterator.sscan(redis, "set").stream().distinct()).hasSize(500);
    }

    @Test
    void expiry() {
        redis.set("k", "v", SetArgs.Builder.ex(1_000));
        assertThat(redis.ttl("k")).isBetween(900L, 1_000L);
        assertThat(redis.expire("k", 5, ExpireArgs.Builder.nx())).isFalse();
        assertThat(redis.getex("k", GetExArgs.Builder.persist())).isEqualTo("v");
        assertThat(redis.ttl("k")).isEqualTo(-1);
        assertThat(redis.expireat("k", 1)).isTrue();
        assertThat(redis.exists("k")).isZero();
    }

    @Test
    void largeItems() {
        String value = "0123456789abcdef".repeat(300_000);
        assertThat(redis.rpush("list", value, value)).isEqualTo(2);
        assertThat(redis.lrange("list", 0, -1)).containsExactly(value, value);
    }
}
