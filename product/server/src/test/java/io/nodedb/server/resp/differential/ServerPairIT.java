package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.Words;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comparison itself: of two real ones, of which one is led astray, it finds that one out. */
class ServerPairIT {
    @TempDir static Path folder;

    private static @Nullable RedisProcess first;
    private static @Nullable RedisProcess second;

    private RespConnection left;
    private RespConnection right;
    private ServerPair pair;

    @BeforeAll
    static void startTwo() {
        assumeTrue(RedisProcess.program("redis-server").isPresent(), RedisProcess.MISSING);
        first = RedisProcess.start(folder);
        second = RedisProcess.start(folder);
    }

    @AfterAll
    static void stopBoth() {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }

    @BeforeEach
    void fillBothWithTheSame() {
        left = RespConnection.open(first.endpoint());
        right = RespConnection.open(second.endpoint());
        pair = new ServerPair(left, right);
        pair.run(Words.of("FLUSHALL"));
        pair.run(Words.of("SADD", "set", "a", "b", "c", "d", "e", "f"));
        pair.run(Words.of("HSET", "hash", "f", "1", "g", "2"));
        pair.run(Words.of("ZADD", "zset", "1", "a", "2", "b"));
        pair.run(Words.of("SET", "expiring", "v", "EX", "500000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SMEMBERS set",
                "SRANDMEMBER set 3",
                "SRANDMEMBER set -9",
                "SPOP set 2",
                "SPOP set 9",
                "HGETALL hash",
                "HRANDFIELD hash 1 WITHVALUES",
                "ZRANDMEMBER zset 2 WITHSCORES",
                "SSCAN set 0 COUNT 2",
                "SCAN 0 COUNT 1",
                "TTL expiring",
                "RANDOMKEY",
                "OBJECT IDLETIME set",
                "MEMORY USAGE hash",
                "KEYS *",
                "GET set"
            })
    void whatMayDifferMayDiffer(String command) {
        assertThatCode(() -> pair.run(words(command))).doesNotThrowAnyException();
        assertThatCode(() -> HeldState.of(left).assertSameAs(HeldState.of(right)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DEL expiring|TTL expiring",
                "PERSIST expiring|PTTL expiring",
                "EXPIRE expiring 400000|TTL expiring",
                "SREM set a|SMEMBERS set",
                "SREM set a|SRANDMEMBER set 10",
                "SREM set a|SPOP set 10",
                "HSET hash f 3|HGETALL hash",
                "HSET hash f 2 g 1|HGETALL hash",
                "HSET hash f 2 g 1|HRANDFIELD hash 2 WITHVALUES",
                "HSET hash h 2|HSCAN hash 0",
                "ZADD zset 1 b|ZSCAN zset 0",
                "ZADD zset 7 a|ZRANDMEMBER zset 2 WITHSCORES",
                "DEL set|OBJECT ENCODING set",
                "SET set v|SMEMBERS set",
                "SET stranger v|KEYS *",
                "SET stranger v|SCAN 0"
            })
    void whatMustNotDifferIsFound(String strayThenCommand) {
        String[] parts = strayThenCommand.split("\\|", -1);
        right.call(words(parts[0]));
        assertThatThrownBy(() -> pair.run(words(parts[1]))).isInstanceOf(AssertionError.class);
    }

    @Test
    void choosingWhatWasNoMemberIsFound() {
        right.call("DEL", "set");
        right.call("SADD", "set", "u", "v", "w", "x", "y", "z");
        assertThatThrownBy(() -> pair.run(words("SRANDMEMBER set")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> pair.run(words("SPOP set"))).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET expiring w KEEPTTL", "PERSIST expiring", "EXPIRE expiring 400000",
                        "SREM set a",
                "HSET hash f 9", "ZINCRBY zset 1 a", "RPUSH list a", "DEL zset"
            })
    void whatIsHeldDifferentlyIsFound(String stray) {
        right.call(words(stray));
        assertThatThrownBy(() -> HeldState.of(left).assertSameAs(HeldState.of(right)))
                .isInstanceOf(AssertionError.class);
    }

    private static Words words(String line) {
        return Words.of(line.split(" ", -1));
    }
}
