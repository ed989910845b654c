package io.nodedb.server.resp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever clients send, the server goes on serving, and keeps nothing of theirs: no connection, no
 * file, no thread, no memory.
 */
class ProtocolFuzzIT {
    private static final Duration SHORT_TIME = Duration.ofSeconds(20);
    private static final Duration LONG_TIME = Duration.ofMinutes(10);
    private static final int ATTACKS_IN_A_RUN = 10;

    /** Runs after which whatever is made once is there. */
    private static final int WARM_UP_RUNS = 20;

    /**
     * Touched from the start, so that resident memory grows by what lies beside the heap; and so
     * small that a few hundred bytes kept for each attack end the process in the long form.
     */
    private static final List<String> SMALL_HEAP =
            List.of("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch", "-XX:+ExitOnOutOfMemoryError");

    /** Pools of buffers and the C library's own reserves may still grow by so much. */
    private static final long MOST_GROWTH = 96L << 20;

    private static final int PATIENCE_SECONDS = 60;

    @TempDir Path folder;

    /** What the process holds while nobody but the watcher is connected and no key is there. */
    private record Held(long files, long threads, long governed, long resident) {
        static Held by(ServerProcess server, RespConnection watcher) throws IOException {
            assertThat(watcher.call("FLUSHALL")).isEqualTo(new RespValue.Simple("OK"));
            Path process = Path.of("/proc", Long.toString(server.pid()));
            return new Held(
                    entries(process.resolve("fd")),
                    entries(process.resolve("task")),
                    info(watcher, "memory", "used_memory"),
                    residentAnonymous(process));
        }

        private static long entries(Path directory) throws IOException {
            try (Stream<Path> found = Files.list(directory)) {
                return found.count();
            }
        }

        private static long residentAnonymous(Path process) throws IOException {
            for (String line : Files.readAllLines(process.resolve("status"))) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            throw new AssertionError("no RssAnon");
        }
    }

    @Test
    void serverOutlivesEveryClient() throws IOException {
        try (ServerProcess server = ServerProcess.startNodeDb(SMALL_HEAP, folder);
                RespConnection watcher = RespConnection.open(server.endpoint())) {
            long clients = connectedClients(watcher);
            Held[] before = new Held[1];
            int[] runs = new int[1];
            int all =
                    SeededRuns.of(LongForm.of("resp-fuzz"))
                            .runFor(
                                    SHORT_TIME,
                                    LONG_TIME,
                                    random -> {
                                        Attacks attacks = new Attacks(server.endpoint(), random);
                                        for (int i = 0; i < ATTACKS_IN_A_RUN; i++) {
                                            attacks.any();
                                            assertServes(server.endpoint());
                                        }
                                        awaitClients(watcher, clients);
                                        runs[0]++;
                                        if (runs[0] == WARM_UP_RUNS && isLinux()) {
                                            before[0] = Held.by(server, watcher);
                                        }
                                    });
            System.Logger log = System.getLogger(ProtocolFuzzIT.class.getName());
            log.log(Level.INFO, "attacks: {0}", all * ATTACKS_IN_A_RUN);
            if (before[0] != null) {
                assertNothingKept(before[0], Held.by(server, watcher));
            }
        }
    }

    private static boolean isLinux() {
        return Files.isDirectory(Path.of("/proc/self/fd"));
    }

    private static void assertNothingKept(Held before, Held after) {
        String both = "before %s after %s".formatted(before, after);
        System.getLogger(ProtocolFuzzIT.class.getName()).log(Level.INFO, both);
        // Segments of the log that is being written.
        assertThat(after.files()).as(both).isLessThanOrEqualTo(before.files() + 8);
        assertThat(after.threads()).as(both).isLessThanOrEqualTo(before.threads() + 2);
        assertThat(after.governed()).as(both).isLessThanOrEqualTo(before.governed() + MOST_GROWTH);
        assertThat(after.resident()).as(both).isLessThanOrEqualTo(before.resident() + MOST_GROWTH);
    }

    private static void assertServes(Endpoint endpoint) {
        try (RespConnection newcomer = RespConnection.open(endpoint)) {
            assertThat(newcomer.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
        }
    }

    /** Asks until the server has noticed that the others are gone; bounds a hang. */
    private static void awaitClients(RespConnection watcher, long expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (long clients = connectedClients(watcher);
                clients != expected;
                clients = connectedClients(watcher)) {
            assertThat(System.nanoTime())
                    .as("%s clients instead of %s", clients, expected)
                    .isLessThan(deadline);
        }
    }

    private static long connectedClients(RespConnection watcher) {
        return info(watcher, "clients", "connected_clients");
    }

    private static long info(RespConnection watcher, String section, String name) {
        String info = watcher.call("INFO", section).asText();
        Matcher matcher = Pattern.compile("\\b" + name + ":(\\d+)").matcher(info);
        assertThat(matcher.find()).as("%s in %s", name, info).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
