package io.nodedb.server.resp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever clients send, the server goes on serving, and keeps none of their connections. */
class ProtocolFuzzIT {
    private static final int SHORT_RUNS = 200;
    private static final int LONG_RUNS = 20_000;
    private static final int ATTACKS_IN_A_RUN = 10;
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern CLIENTS = Pattern.compile("connected_clients:(\\d+)");

    @TempDir Path folder;

    @Test
    void serverOutlivesEveryClient() {
        try (ServerProcess server = ServerProcess.start(folder);
                RespConnection watcher = RespConnection.open(server.endpoint())) {
            int clients = connectedClients(watcher);
            SeededRuns.of(LongForm.of("resp-fuzz"))
                    .run(
                            SHORT_RUNS,
                            LONG_RUNS,
                            random -> {
                                Attacks attacks = new Attacks(server.endpoint(), random);
                                for (int i = 0; i < ATTACKS_IN_A_RUN; i++) {
                                    attacks.any();
                                    assertServes(server.endpoint());
                                }
                                awaitClients(watcher, clients);
                            });
        }
    }

    private static void assertServes(Endpoint endpoint) {
        try (RespConnection newcomer = RespConnection.open(endpoint)) {
            assertThat(newcomer.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
        }
    }

    /** Asks until the server has noticed that the others are gone; bounds a hang. */
    private static void awaitClients(RespConnection watcher, int expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int clients = connectedClients(watcher);
                clients != expected;
                clients = connectedClients(watcher)) {
            assertThat(System.nanoTime())
                    .as("%s clients instead of %s", clients, expected)
                    .isLessThan(deadline);
        }
    }

    private static int connectedClients(RespConnection watcher) {
        String info = watcher.call("INFO", "clients").asText();
        Matcher matcher = CLIENTS.matcher(info);
        assertThat(matcher.find()).as("connected_clients in %s", info).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
