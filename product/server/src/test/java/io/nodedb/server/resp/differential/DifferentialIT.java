package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.resp.differential.RandomTransactions.Step;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.ServerProcess;
import io.nodedb.server.resp.probe.Words;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server answers as a real Redis does, and holds the same. */
class DifferentialIT {
    private static final int SHORT_RUNS = 3;
    private static final int LONG_RUNS = 20;
    private static final int SHORT_COMMANDS = 1_000;
    private static final int LONG_COMMANDS = 2_500;

    /** So often all that is held is compared, too. */
    private static final int COMMANDS_BETWEEN_STATES = 250;

    /** Those that commands select, and move keys to. */
    private static final int DATABASES = 3;

    private static final int TOLD_COMMANDS = 15;

    /** One in so many turns is a transaction, and one a key that comes due. */
    private static final int SELDOM = 40;

    @TempDir static Path folder;

    private static @Nullable RedisProcess redis;
    private static @Nullable ServerProcess tested;

    @BeforeAll
    static void startBoth() {
        assumeTrue(RedisProcess.program("redis-server").isPresent(), RedisProcess.MISSING);
        redis = RedisProcess.start(folder);
        tested = ServerProcess.start(folder.resolve("tested"));
    }

    @AfterAll
    static void stopBoth() {
        if (redis != null) {
            redis.close();
        }
        if (tested != null) {
            tested.close();
        }
    }

    @Test
    void repliesAndStatesAreThoseOfRedis() {
        LongForm form = LongForm.of("resp-differential");
        int commands = form.count(SHORT_COMMANDS, LONG_COMMANDS);
        SeededRuns.of(form).run(SHORT_RUNS, LONG_RUNS, random -> run(random, commands));
    }

    @Test
    void everyCommandOfTheServerIsDrawnOrLeftOutForAReason() {
        TreeSet<String> expected = new TreeSet<>(NotDrawn.names());
        new RandomCommands(new SplittableRandom(1))
                .names().stream().map(name -> name.split(" ", -1)[0]).forEach(expected::add);
        try (RespConnection connection = RespConnection.open(tested.endpoint())) {
            List<String> commands =
                    connection.call("COMMAND", "LIST").elements().stream()
                            .map(name -> name.asText().toUpperCase(Locale.ROOT))
                            .toList();
            assertThat(commands).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static void run(SplittableRandom random, int count) {
        run(redis.endpoint(), tested.endpoint(), random, count);
    }

    /** Gives {@code count} random commands to both servers, which must behave alike. */
    static void run(Endpoint right, Endpoint judged, SplittableRandom random, int count) {
        try (RespConnection expected = RespConnection.open(right);
                RespConnection actual = RespConnection.open(judged);
                RespConnection expectedByStranger = RespConnection.open(right);
                RespConnection actualByStranger = RespConnection.open(judged)) {
            ServerPair pair = new ServerPair(expected, actual);
            ServerPair stranger = new ServerPair(expectedByStranger, actualByStranger);
            pair.run(Words.of("FLUSHALL"));
            if (random.nextBoolean()) {
                // The greeting names the server; that it is not an error shows in what follows.
                expected.call("HELLO", "3");
                actual.call("HELLO", "3");
            }
            pair.run(RandomCommands.preparation());
            runCommands(pair, stranger, random, count);
        }
    }

    private static void runCommands(
            ServerPair pair, ServerPair stranger, SplittableRandom random, int count) {
        RandomCommands commands = new RandomCommands(random);
        RandomTransactions transactions = new RandomTransactions(commands, random);
        Draw draw = Draw.amongAllKeys(random);
        List<Words> given = new ArrayList<>();
        int statesSeen = 0;
        while (given.size() < count) {
            try {
                if (draw.oneIn(SELDOM)) {
                    runTransaction(pair, stranger, transactions.next(), given);
                } else if (draw.oneIn(SELDOM)) {
                    given.add(DueExpiries.draw(draw));
                    DueExpiries.run(pair, given.getLast());
                } else {
                    given.add(commands.next());
                    pair.run(given.getLast());
                }
                if (given.size() / COMMANDS_BETWEEN_STATES > statesSeen || given.size() >= count) {
                    statesSeen = given.size() / COMMANDS_BETWEEN_STATES;
                    assertSameStates(pair);
                }
            } catch (HeldState.KeyDiffers difference) {
                throw told(given, List.of(difference.key()), difference);
            } catch (Throwable difference) { // an edge: told with what led to it
                throw told(given, given.getLast().words(), difference);
            }
        }
    }

    /** Compares all databases, and selects the first. */
    private static void assertSameStates(ServerPair pair) {
        for (int database = DATABASES - 1; database >= 0; database--) {
            pair.run(Words.of("SELECT", Integer.toString(database)));
            HeldState.of(pair.redis()).assertSameAs(HeldState.of(pair.tested()));
        }
    }

    private static void runTransaction(
            ServerPair own, ServerPair stranger, List<Step> steps, List<Words> given) {
        TransactionPair transaction = new TransactionPair(own);
        for (Step step : steps) {
            given.add(step.words());
            switch (step.client()) {
                case OWN -> transaction.run(step.words());
                case STRANGER -> stranger.run(step.words());
            }
        }
    }

    /**
     * What failed, with the last commands that name one of {@code keys}; all when there is none.
     */
    private static AssertionError told(List<Words> given, List<String> keys, Throwable difference) {
        StringBuilder story = new StringBuilder("command " + given.size() + ": " + given.getLast());
        List<Words> before =
                given.stream()
                        .filter(command ->
                                keys.size() < 2
                                        || command.words().stream()
                                                .skip(1)
                                                .anyMatch(keys::contains))
                        .toList();
        story.append("\n").append(difference.getMessage()).append("\nlast commands on its keys:");
        before.stream()
                .skip(Math.max(0, before.size() - TOLD_COMMANDS))
                .forEach(command -> story.append("\n  ").append(command));
        return new AssertionError(story.toString(), difference);
    }
}
