package io.nodedb.server.resp.differential;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.ServerProcess;
import io.nodedb.server.resp.probe.Words;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that wait for lists and sorted sets are served as Redis serves them: the same clients, in
 * the same order, with the same replies; with one partition and with five.
 */
class WaitingIT {
    private static final int PARTITIONS = 5;
    private static final int SHORT_STEPS = 300;
    private static final int LONG_STEPS = 3_000;

    @TempDir static Path folder;

    private static @Nullable RedisProcess redis;
    private static @Nullable ServerProcess single;
    private static @Nullable ServerProcess partitioned;

    @BeforeAll
    static void startAll() {
        assumeTrue(RedisProcess.program("redis-server").isPresent(), RedisProcess.MISSING);
        redis = RedisProcess.start(folder);
        single = ServerProcess.startPartitioned(folder.resolve("single"), 1);
        partitioned = ServerProcess.startPartitioned(folder.resolve("partitioned"), PARTITIONS);
    }

    @AfterAll
    static void stopAll() {
        if (redis != null) {
            redis.close();
        }
        if (single != null) {
            single.close();
        }
        if (partitioned != null) {
            partitioned.close();
        }
    }

    private static Endpoint tested(int partitions) {
        return partitions == 1 ? single.endpoint() : partitioned.endpoint();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void whoIsServedAndWithWhatIsAsInRedis(int partitions) {
        LongForm form = LongForm.of("resp-waiting");
        int steps = form.count(SHORT_STEPS, LONG_STEPS);
        SeededRuns.of(form).run(2, 10, random -> run(random, steps, partitions));
    }

    private static void run(SplittableRandom random, int steps, int partitions) {
        try (WaitingPair pair = WaitingPair.open(redis.endpoint(), tested(partitions))) {
            RandomWaits waits = new RandomWaits(random);
            for (int i = 0; i < steps; i++) {
                waits.step(pair);
            }
            pair.endAll();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void theFirstKeyThatIsThereIsTakenFrom(int partitions) {
        scripted(
                partitions,
                List.of(
                        "w RPUSH b 1",
                        "w RPUSH c 2",
                        "0 BLPOP a b c 0",
                        "0 BLMPOP 0 3 a b c LEFT",
                        "0 BLPOP a b c 0.01",
                        "w ZADD z 1 m 2 n",
                        "0 BZPOPMAX y z 0",
                        "0 BZMPOP 0 2 y z MIN COUNT 5"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void anElementIsServedToWhoHasWaitedLongest(int partitions) {
        scripted(
                partitions,
                List.of(
                        "0 BLPOP a b 0",
                        "1 BRPOP b a 0",
                        "2 BLMOVE a c LEFT RIGHT 0",
                        "3 BLPOP c 0",
                        "w RPUSH b 1",
                        "w RPUSH a 2",
                        "w LPUSH a 3",
                        "w LLEN a",
                        "w LLEN c"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void whatAppearsByOtherCommandsServesToo(int partitions) {
        scripted(
                partitions,
                List.of(
                        "w RPUSH s 1 2 3",
                        "0 BLPOP a 0",
                        "w RENAME s a",
                        "w LRANGE a 0 -1",
                        "1 BRPOP b 0",
                        "w COPY a b",
                        "2 BLPOP d 0",
                        "w LMOVE a d LEFT LEFT",
                        "3 BZPOPMIN z 0",
                        "w SADD set y x",
                        "w ZUNIONSTORE z 1 set",
                        "0 BLPOP sorted 0",
                        "w SORT set ALPHA STORE sorted",
                        "w LRANGE sorted 0 -1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void transactionsServeWhenTheyAreWhole(int partitions) {
        scripted(
                partitions,
                List.of(
                        "0 BLPOP a b 0",
                        "1 BLPOP b 0",
                        "w MULTI",
                        "w RPUSH a 1",
                        "w DEL a",
                        "w RPUSH b 2 3",
                        "w LPUSH b 4",
                        "w BLPOP b 0",
                        "w BLPOP nothing 0",
                        "w BLMOVE nothing b LEFT LEFT 0",
                        "w BZPOPMIN nothing 0",
                        "w EXEC",
                        "w LRANGE b 0 -1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void otherTypesAreErrorsBeforeWaitingAndNothingLater(int partitions) {
        scripted(
                partitions,
                List.of(
                        "w SET s v",
                        "0 BLPOP s 0",
                        "0 BLPOP a s 0",
                        "0 BZPOPMIN s 0",
                        "0 BLMOVE s d LEFT LEFT 0",
                        "0 BLPOP a 0",
                        "1 BZPOPMIN a 0",
                        "w SET a v",
                        "w DEL a",
                        "w ZADD a 1 m",
                        "w RPUSH a 1",
                        "w DEL a",
                        "w RPUSH a 1",
                        "2 BLMOVE b s RIGHT LEFT 0",
                        "w RPUSH b 1",
                        "w LRANGE b 0 -1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void timesAreReadAsRedisReadsThem(int partitions) {
        scripted(
                partitions,
                List.of(
                        "0 BLPOP a -1",
                        "0 BLPOP a x",
                        "0 BLPOP a inf",
                        "0 BLPOP a -inf",
                        "0 BLPOP a nan",
                        "0 BLPOP a 1e300",
                        "0 BLPOP a 9223372036854775807",
                        "0 BLPOP a 0.001",
                        "0 BLPOP a 0x1p-9",
                        "0 BLMOVE a b UP LEFT -1",
                        "0 BLMOVE a b LEFT LEFT -1",
                        "0 BLMOVE a b LEFT LEFT 0.001",
                        "0 BRPOPLPUSH a b 0.001",
                        "0 BLMPOP -1 x",
                        "0 BZMPOP -1 0 a MIN",
                        "0 BZMPOP x 2 a b MIN BAD 1",
                        "0 BLMPOP x 2 a b LEFT",
                        "0 BLMPOP -1 0 a LEFT",
                        "0 BLMPOP 0.01 0 a LEFT",
                        "0 BLMPOP 0.01 2 a LEFT",
                        "0 BLMPOP 0.01 1 a UP",
                        "0 BLMPOP 0.01 1 a LEFT COUNT 0",
                        "0 BLMPOP 0.01 1 a LEFT COUNT 2",
                        "0 BZMPOP 0.01 2 a b MAX",
                        "0 BZPOPMAX a b 0.01",
                        "0 BLPOP a",
                        "0 BLPOP"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void unblockedClientsTakeNothing(int partitions) {
        scripted(
                partitions,
                List.of(
                        "0 BLPOP a b c d 0",
                        "1 BLMOVE a b LEFT LEFT 0",
                        "u 0",
                        "u 1 ERROR",
                        "u 2",
                        "w RPUSH a 1",
                        "w LRANGE a 0 -1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void emptyingTheDatabaseKeepsThoseWhoWait(int partitions) {
        scripted(
                partitions,
                List.of(
                        "0 BLPOP a b c 0",
                        "1 BZPOPMIN d e 0",
                        "2 BLMOVE f q LEFT LEFT 0",
                        "w FLUSHDB",
                        "w SET a v",
                        "w RPUSH b 1 2 3",
                        "w LRANGE b 0 -1",
                        "w FLUSHALL",
                        "w ZADD e 1 m",
                        "w RPUSH f 1",
                        "w LRANGE q 0 -1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PARTITIONS})
    void chainsOfMovesEndAsInRedis(int partitions) {
        scripted(
                partitions,
                List.of(
                        "0 BLMOVE a b LEFT RIGHT 0",
                        "1 BLMOVE b c LEFT RIGHT 0",
                        "2 BRPOPLPUSH c a 0",
                        "w RPUSH a 1",
                        "w LRANGE a 0 -1",
                        "3 BLMOVE r r LEFT RIGHT 0",
                        "w RPUSH r 1 2",
                        "w LRANGE r 0 -1"));
    }

    private static void scripted(int partitions, List<String> lines) {
        try (WaitingPair pair = WaitingPair.open(redis.endpoint(), tested(partitions))) {
            for (String line : lines) {
                List<String> words = List.of(line.split(" ", -1));
                Words command = new Words(words.subList(1, words.size()));
                switch (words.getFirst()) {
                    case "w" -> pair.write(command);
                    case "u" -> pair.unblock(command.words());
                    default -> pair.waitWith(Integer.parseInt(words.getFirst()), command);
                }
            }
            pair.endAll();
        }
    }
}
