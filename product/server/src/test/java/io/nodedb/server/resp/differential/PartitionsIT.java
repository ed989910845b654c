package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with five partitions answers every command, whichever partitions its keys live in, as
 * Redis does; where Redis is not installed, as our server with one partition does.
 */
class PartitionsIT {
    private static final int PARTITIONS = 5;
    private static final int SHORT_COMMANDS = 1_500;
    private static final int LONG_COMMANDS = 10_000;
    private static final int SHORT_TRANSACTIONS = 150;
    private static final int LONG_TRANSACTIONS = 2_000;
    private static final int MOST_COMMANDS = 6;
    private static final int TRANSACTIONS_BETWEEN_STATES = 25;

    @TempDir static Path folder;

    private static @Nullable AutoCloseable reference;
    private static @Nullable Endpoint right;
    private static @Nullable ServerProcess tested;

    @BeforeAll
    static void startBoth() {
        if (RedisProcess.program("redis-server").isPresent()) {
            RedisProcess redis = RedisProcess.start(folder);
            reference = redis;
            right = redis.endpoint();
        } else {
            ServerProcess single = ServerProcess.startPartitioned(folder.resolve("single"), 1);
            reference = single;
            right = single.endpoint();
        }
        tested = ServerProcess.startPartitioned(folder.resolve("tested"), PARTITIONS);
    }

    @AfterAll
    static void stopBoth() throws Exception {
        if (reference != null) {
            reference.close();
        }
        if (tested != null) {
            tested.close();
        }
    }

    @Test
    void repliesAndStatesDoNotDependOnPartitions() {
        LongForm form = LongForm.of("resp-partitions");
        int commands = form.count(SHORT_COMMANDS, LONG_COMMANDS);
        SeededRuns.of(form)
                .run(
                        2,
                        10,
                        random -> DifferentialIT.run(right, tested.endpoint(), random, commands));
    }

    @Test
    void transactionsOverPartitionsAnswerAndLeaveTheSame() {
        LongForm form = LongForm.of("resp-partitions");
        int transactions = form.count(SHORT_TRANSACTIONS, LONG_TRANSACTIONS);
        SeededRuns.of(form).run(2, 10, random -> runTransactions(random, transactions));
    }

    private static void runTransactions(SplittableRandom random, int count) {
        try (RespConnection expected = RespConnection.open(right);
                RespConnection actual = RespConnection.open(tested.endpoint())) {
            ServerPair pair = new ServerPair(expected, actual);
            pair.run(Words.of("FLUSHALL"));
            pair.run(RandomCommands.preparation());
            RandomCommands commands = new RandomCommands(random);
            for (int i = 1; i <= count; i++) {
                runTransaction(pair, commands, 1 + random.nextInt(MOST_COMMANDS));
                if (i % TRANSACTIONS_BETWEEN_STATES == 0 || i == count) {
                    HeldState.of(expected).assertSameAs(HeldState.of(actual));
                }
            }
        }
    }

    private static void runTransaction(ServerPair pair, RandomCommands commands, int size) {
        TransactionPair transaction = new TransactionPair(pair);
        transaction.run(Words.of("MULTI"));
        int queued = 0;
        while (queued < size) {
            Words command = commands.next();
            if (RandomTransactions.isComparable(command)) {
                transaction.run(command);
                queued++;
            }
        }
        transaction.run(Words.of("EXEC"));
    }

    @Test
    void aListThatIsMovedToWhereItIsCountsAsWritten() {
        try (RespConnection client = RespConnection.open(tested.endpoint())) {
            client.call("FLUSHALL");
            client.call("RPUSH", "l", "a", "b");
            client.call("RPUSH", "one", "a");
            for (List<String> move :
                    List.of(
                            List.of("LMOVE", "l", "l", "LEFT", "LEFT"),
                            List.of("LMOVE", "one", "one", "LEFT", "RIGHT"),
                            List.of("RPOPLPUSH", "one", "one"))) {
                client.call("WATCH", move.get(1));
                client.call(new Words(move));
                client.call("MULTI");
                client.call("PING");
                assertThat(client.call("EXEC")).as(move.toString()).isEqualTo(RespValue.Null.ARRAY);
            }
            assertThat(client.call("LRANGE", "l", "0", "-1").elements()).hasSize(2);
            assertThat(client.call("LRANGE", "one", "0", "-1").elements()).hasSize(1);
        }
    }

    @Test
    void nothingOfAnMsetWithoutItsLastValueIsDoneWithinATransaction() {
        try (RespConnection client = RespConnection.open(tested.endpoint())) {
            client.call("FLUSHALL");
            client.call("MULTI");
            client.call("MSET", "a", "1", "b", "2", "c");
            List<RespValue> replies = client.call("EXEC").elements();
            assertThat(replies)
                    .containsExactly(
                            new RespValue.Failure(
                                    "ERR wrong number of arguments for 'mset' command"));
            assertThat(client.call("EXISTS", "a", "b", "c")).isEqualTo(new RespValue.Int(0));
        }
    }

    @Test
    void patternsOfSortLeadToAllPartitions() {
        try (RespConnection client = RespConnection.open(tested.endpoint())) {
            client.call("FLUSHALL");
            for (int i = 0; i < 20; i++) {
                client.call("RPUSH", "sorted", "e" + i);
                client.call("SET", "weight_e" + i, Integer.toString(100 - i));
                client.call("HSET", "about_e" + i, "name", "n" + i, "other", "o" + i);
            }
            RespValue names =
                    client.call(
                            "SORT",
                            "sorted",
                            "BY",
                            "weight_*",
                            "LIMIT",
                            "0",
                            "2",
                            "GET",
                            "about_*->name",
                            "GET",
                            "#");
            assertThat(names.elements().stream().map(RespValue::asText))
                    .containsExactly("n19", "e19", "n18", "e18");
            assertThat(
                            client.call(
                                            "SORT",
                                            "sorted",
                                            "BY",
                                            "about_*->nothing",
                                            "GET",
                                            "weight_*",
                                            "STORE",
                                            "weight_e0")
                                    .asText())
                    .isEqualTo("20");
            assertThat(client.call("LRANGE", "weight_e0", "0", "1").elements().getFirst().asText())
                    .isEqualTo("100");
        }
    }

    @Test
    void sortByOtherKeysIsRefusedInsideMultiAndNothingIsDone() {
        try (RespConnection client = RespConnection.open(tested.endpoint())) {
            client.call("DEL", "made");
            client.call("MULTI");
            client.call("SET", "made", "1");
            assertThat(client.call("SORT", "l", "BY", "w_*").asText())
                    .contains("not possible inside MULTI");
            assertThat(client.call("EXEC").asText()).contains("EXECABORT");
            assertThat(client.call("EXISTS", "made")).isEqualTo(new RespValue.Int(0));
        }
    }
}
