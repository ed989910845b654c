package io.nodedb.server.resp.differential;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.SplittableRandom;
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

    private static final int TOLD_COMMANDS = 15;

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

    private static void run(SplittableRandom random, int count) {
        run(redis.endpoint(), tested.endpoint(), random, count);
    }

    /** Gives {@code count} random commands to both servers, which must behave alike. */
    static void run(Endpoint right, Endpoint judged, SplittableRandom random, int count) {
        try (RespConnection expected = RespConnection.open(right);
                RespConnection actual = RespConnection.open(judged)) {
            ServerPair pair = new ServerPair(expected, actual);
            pair.run(Words.of("FLUSHALL"));
            if (random.nextBoolean()) {
                // The greeting names the server; that it is not an error shows in what follows.
                expected.call("HELLO", "3");
                actual.call("HELLO", "3");
            }
            pair.run(RandomCommands.preparation());
            runCommands(pair, new RandomCommands(random), count);
        }
    }

    private static void runCommands(ServerPair pair, RandomCommands commands, int count) {
        List<Words> given = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            given.add(commands.next());
            try {
                pair.run(given.getLast());
                if (i % COMMANDS_BETWEEN_STATES == 0 || i == count) {
                    HeldState.of(pair.redis()).assertSameAs(HeldState.of(pair.tested()));
                }
            } catch (HeldState.KeyDiffers difference) {
                throw told(given, List.of(difference.key()), difference);
            } catch (Throwable difference) { // an edge: told with what led to it
                throw told(given, given.getLast().words(), difference);
            }
        }
    }

    /** What failed, with the last commands that name one of {@code keys}. */
    private static AssertionError told(List<Words> given, List<String> keys, Throwable difference) {
        StringBuilder story = new StringBuilder("command " + given.size() + ": " + given.getLast());
        List<Words> before =
                given.stream()
                        .filter(command ->
                                command.words().stream().skip(1).anyMatch(keys::contains))
                        .toList();
        story.append("\n").append(difference.getMessage()).append("\nlast commands on its keys:");
        before.stream()
                .skip(Math.max(0, before.size() - TOLD_COMMANDS))
                .forEach(command -> story.append("\n  ").append(command));
        return new AssertionError(story.toString(), difference);
    }
}
