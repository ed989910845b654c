package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.Placement;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.StalledReader;
import io.nodedb.server.resp.probe.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A lane reads as much from its clients as the ring to its core has room for. The ring is filled by
 * readers that don't read: each keeps one request, for as long as the test wants.
 */
@Timeout(300)
class RingPressureTest {
    private static final int RING = 32;

    /** At 85 % of the ring the lane reads less. */
    private static final int SLOW = 28;

    /** At 95 % of the ring the lane stops reading, until less than {@link #SLOW} are left. */
    private static final int STOP = 31;

    /** More than the sockets' buffers take. */
    private static final int LARGE_BYTES = 8 << 20;

    /** Few, as each turn of the lane, and sync of the log, makes only a few of them. */
    private static final int COMMANDS = 100;

    private static final int PATIENCE_SECONDS = 60;

    @TempDir private Path folder;

    /** What a test does with a server of one core and one lane. */
    @FunctionalInterface
    private interface Work {
        void with(NodeDbServer server, Endpoint endpoint) throws IOException, InterruptedException;
    }

    private void served(Placement placement, Work work) throws IOException, InterruptedException {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, 0)
                        .with(ServerSettings.RESP, 0)
                        .with(ServerSettings.PLACEMENT, placement)
                        .with(RuntimeSettings.DATA_CORES, 1)
                        .with(RuntimeSettings.EVENT_LOOPS, 1)
                        .with(RuntimeSettings.RING_CAPACITY, RING);
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            work.with(server, Endpoint.local(server.respAddress().getPort()));
        }
    }

    /** A metric of all lanes at the only core; but for one they have nothing to do. */
    private static int metric(NodeDbServer server, String name)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String page =
                    client.send(
                                    HttpRequest.newBuilder(address).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return Pattern.compile("\n" + name + "\\{core=\"0\",lane=\"\\d+\"} (\\d+)")
                    .matcher(page)
                    .results()
                    .mapToInt(line -> Integer.parseInt(line.group(1)))
                    .sum();
        }
    }

    /** Asks until it is so; bounds a hang. */
    private static void awaitMetric(NodeDbServer server, String name, int value)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int is = metric(server, name); is != value; is = metric(server, name)) {
            assertThat(System.nanoTime()).as("%s=%s", name, is).isLessThan(deadline);
        }
    }

    private static void stall(List<Socket> stalled, Endpoint endpoint, int count)
            throws IOException {
        while (stalled.size() < count) {
            stalled.add(StalledReader.open(endpoint, "large", LARGE_BYTES));
        }
    }

    private static String large(RespConnection client) {
        String large = "x".repeat(LARGE_BYTES);
        assertThat(client.call("SET", "large", large)).isEqualTo(new RespValue.Simple("OK"));
        return large;
    }

    private static void assertGetsTheRest(Socket reader, String value) throws IOException {
        String expected = value + "\r\n";
        assertThat(reader.getInputStream().readNBytes(expected.length()))
                .isEqualTo(expected.getBytes(StandardCharsets.US_ASCII));
    }

    private static void close(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void laneStopsReadingAndGoesOnWhenTheRingHasDrained(Placement placement) throws Exception {
        served(
                placement,
                (server, endpoint) -> {
                    List<Socket> stalled = new ArrayList<>();
                    byte[] ping = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
                    byte[] pong = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);
                    try (RespConnection client = RespConnection.open(endpoint);
                            Socket unread = new Socket(endpoint.host(), endpoint.port())) {
                        unread.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                        final String large = large(client);
                        stall(stalled, endpoint, STOP);
                        awaitMetric(server, "nodedb_lane_stopped", 1);
                        awaitMetric(server, "nodedb_lane_outstanding", STOP);
                        // What a lane was told to read before the ring was full is read.
                        unread.getOutputStream().write(ping);
                        assertThat(unread.getInputStream().readNBytes(pong.length)).isEqualTo(pong);
                        unread.getOutputStream().write(ping);
                        for (int i = 0; i < 20; i++) {
                            assertThat(metric(server, "nodedb_lane_stopped")).isEqualTo(1);
                            assertThat(unread.getInputStream().available())
                                    .as("bytes for who must not be read from")
                                    .isZero();
                        }
                        while (stalled.size() >= SLOW) {
                            try (Socket reader = stalled.removeLast()) {
                                assertGetsTheRest(reader, large);
                            }
                        }
                        assertThat(unread.getInputStream().readNBytes(pong.length)).isEqualTo(pong);
                        awaitMetric(server, "nodedb_lane_stopped", 0);
                        assertThat(client.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
                        assertGetsTheRest(stalled.getFirst(), large);
                    } finally {
                        close(stalled);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void slowedLaneServesEverybodyInOrder(Placement placement) throws Exception {
        served(
                placement,
                (server, endpoint) -> {
                    List<Socket> stalled = new ArrayList<>();
                    try (RespConnection client = RespConnection.open(endpoint)) {
                        final String large = large(client);
                        stall(stalled, endpoint, SLOW);
                        for (int i = 1; i <= COMMANDS; i++) {
                            assertThat(client.call("INCR", "one by one"))
                                    .isEqualTo(new RespValue.Int(i));
                        }
                        assertThat(metric(server, "nodedb_lane_stopped")).isZero();
                        assertCounted(List.of(client), COMMANDS);
                        assertGetsTheRest(stalled.getFirst(), large);
                    } finally {
                        close(stalled);
                    }
                });
    }

    /** A few requests are left for all, and taking them stops the lane each time. */
    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void floodThroughAnAlmostFullRingIsAnsweredWholeAndInOrder(Placement placement)
            throws Exception {
        served(
                placement,
                (server, endpoint) -> {
                    List<Socket> stalled = new ArrayList<>();
                    List<RespConnection> clients = new ArrayList<>();
                    try (RespConnection client = RespConnection.open(endpoint)) {
                        final String large = large(client);
                        for (int i = 0; i < 8; i++) {
                            clients.add(RespConnection.open(endpoint));
                        }
                        stall(stalled, endpoint, SLOW - 1);
                        assertCounted(clients, COMMANDS);
                        assertGetsTheRest(stalled.getFirst(), large);
                    } finally {
                        clients.forEach(RespConnection::close);
                        close(stalled);
                    }
                });
    }

    /** Each counts a key of its own; nobody reads before all have sent everything. */
    private static void assertCounted(List<RespConnection> clients, int commands) {
        for (int c = 0; c < clients.size(); c++) {
            for (int i = 0; i < commands; i++) {
                clients.get(c).send(Words.of("INCR", "n" + c));
            }
            clients.get(c).flush();
        }
        for (RespConnection client : clients) {
            for (int i = 1; i <= commands; i++) {
                assertThat(client.read()).isEqualTo(new RespValue.Int(i));
            }
        }
    }

    /** Who waits keeps a request, maybe for ever: whoever could end that must be read from. */
    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void clientsThatWaitNeverStopTheLane(Placement placement) throws Exception {
        served(
                placement,
                (server, endpoint) -> {
                    int most = RING * 3 / 4;
                    List<RespConnection> waiters = new ArrayList<>();
                    try (RespConnection observer = RespConnection.open(endpoint);
                            RespConnection tooMany = RespConnection.open(endpoint)) {
                        for (int i = 0; i < most; i++) {
                            RespConnection waiter = RespConnection.open(endpoint);
                            waiters.add(waiter);
                            waiter.send(Words.of("BLPOP", "queue", "0"));
                            waiter.flush();
                            awaitWaiting(observer, i + 1);
                        }
                        assertThat(tooMany.call("BLPOP", "queue", "0"))
                                .asString()
                                .contains("too many clients wait", "limit=" + most);
                        awaitMetric(server, "nodedb_lane_outstanding", most);
                        for (int i = 0; i < most; i++) {
                            assertThat(observer.call("RPUSH", "queue", "e" + i))
                                    .isEqualTo(new RespValue.Int(1));
                            assertThat(waiters.get(i).read().elements().get(1))
                                    .isEqualTo(new RespValue.Bulk("e" + i));
                        }
                    } finally {
                        waiters.forEach(RespConnection::close);
                    }
                });
    }

    private static void awaitWaiting(RespConnection observer, int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String info = "";
        while (!info.contains("blocked_clients:" + count + "\r\n")) {
            info = observer.call("INFO", "clients").asText();
            assertThat(System.nanoTime()).as(info).isLessThan(deadline);
        }
    }
}
