package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.Placement;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import io.nodedb.server.resp.probe.StalledReader;
import io.nodedb.server.resp.probe.Words;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients at once, idle, active and slow: none costs much, none keeps another waiting. */
@Timeout(300)
class ManyClientsIT {
    private static final int IDLE_CLIENTS = 5_000;
    private static final long IDLE_LIMIT_KIB = 200L << 10;
    private static final int ACTIVE_CLIENTS = 500;
    private static final int COMMANDS_EACH = 40;
    private static final int WAITING_CLIENTS = 1_000;

    /** More than the chunks of a port divided by those of one answer. */
    private static final int STALLED_CLIENTS = 48;

    private static final int PROMISING_CLIENTS = 200;
    private static final long PROMISED_LIMIT_KIB = 100L << 10;

    private static final int LARGE_VALUE_BYTES = 60 << 20;

    /** A bound on a hang, not an expectation. */
    private static final int PATIENCE_SECONDS = 60;

    @TempDir private Path folder;

    private @Nullable ServerProcess server;

    @BeforeEach
    void startServer() {
        server = ServerProcess.start(folder);
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private Endpoint endpoint() {
        return server.endpoint();
    }

    private RespConnection open() {
        return RespConnection.open(endpoint());
    }

    @Test
    void idleClientsCostLittle() throws IOException {
        assumeTrue(openFilesAllowed() > 2 * IDLE_CLIENTS, "needs a limit of 10 000 open files");
        try (RespConnection observer = open()) {
            long pid = processId(observer);
            // What the first clients cause to be made is no cost of each.
            List<Socket> clients = new ArrayList<>();
            try {
                connect(clients, 100);
                long before = residentKib(pid);
                connect(clients, IDLE_CLIENTS);
                assertThat(observer.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
                assertThat(residentKib(pid) - before).isLessThan(IDLE_LIMIT_KIB);
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    private void connect(List<Socket> clients, int count) throws IOException {
        byte[] ping = {'P', 'I', 'N', 'G', '\r', '\n'};
        for (int i = 0; i < count; i++) {
            Socket client = new Socket(endpoint().host(), endpoint().port());
            clients.add(client);
            client.getOutputStream().write(ping);
            assertThat(client.getInputStream().readNBytes(7)).hasSize(7);
        }
    }

    private static long openFilesAllowed() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) {
            return 0;
        }
        return Files.readAllLines(limits).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", -1)[3])
                .mapToLong(
                        limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
                .findFirst()
                .orElse(0);
    }

    private static long processId(RespConnection observer) {
        String info = ((RespValue.Bulk) observer.call("INFO", "server")).bytes();
        String line = info.lines().filter(each -> each.startsWith("process_id:")).findFirst().get();
        return Long.parseLong(line.substring("process_id:".length()).strip());
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                .findFirst()
                .getAsLong();
    }

    /** All count one counter on, and nobody reads before all have asked. */
    @Test
    void everyOfManyActiveClientsIsServedInItsOrder() {
        List<RespConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ACTIVE_CLIENTS; i++) {
                clients.add(open());
            }
            for (RespConnection client : clients) {
                for (int i = 0; i < COMMANDS_EACH; i++) {
                    client.send(Words.of("INCR", "turns"));
                }
                client.flush();
            }
            long sum = 0;
            for (RespConnection client : clients) {
                long last = 0;
                for (int i = 0; i < COMMANDS_EACH; i++) {
                    long turn = ((RespValue.Int) client.read()).number();
                    assertThat(turn)
                            .as("a client's commands take effect in order")
                            .isGreaterThan(last);
                    last = turn;
                    sum += turn;
                }
            }
            long all = (long) ACTIVE_CLIENTS * COMMANDS_EACH;
            assertThat(sum).as("every turn is had once").isEqualTo(all * (all + 1) / 2);
        } finally {
            clients.forEach(RespConnection::close);
        }
    }

    /** Who has come first is served first, by one push of all and by pushes one by one. */
    @Test
    void manyClientsWaitForOneKeyInTheirOrder() {
        List<RespConnection> clients = new ArrayList<>();
        try (RespConnection observer = open()) {
            for (int i = 0; i < WAITING_CLIENTS; i++) {
                clients.add(open());
            }
            assertThat(clients.getFirst().call("DEL", "queue", "other")).isNotNull();
            waitInTurn(clients, observer);
            List<String> push = new ArrayList<>(List.of("RPUSH", "queue"));
            for (int i = 0; i < WAITING_CLIENTS; i++) {
                push.add("e" + i);
            }
            assertThat(observer.call(new Words(push)))
                    .isEqualTo(new RespValue.Int(WAITING_CLIENTS));
            assertServedInTurn(clients, i -> {});
            waitInTurn(clients, observer);
            assertServedInTurn(
                    clients,
                    i ->
                            assertThat(observer.call("RPUSH", "queue", "e" + i))
                                    .isEqualTo(new RespValue.Int(1)));
            assertThat(observer.call("EXISTS", "queue")).isEqualTo(new RespValue.Int(0));
        } finally {
            clients.forEach(RespConnection::close);
        }
    }

    private static void waitInTurn(List<RespConnection> clients, RespConnection observer) {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send(Words.of("BLPOP", "other", "queue", "0"));
            clients.get(i).flush();
            awaitWaiting(observer, i + 1);
        }
    }

    /** Asks until so many wait; bounds a hang. */
    private static void awaitWaiting(RespConnection observer, int count) {
        String line = "blocked_clients:" + count + "\r\n";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (String info = clients(observer); !info.contains(line); info = clients(observer)) {
            assertThat(System.nanoTime())
                    .as("%s waiting clients: %s", count, info)
                    .isLessThan(deadline);
        }
    }

    private static String clients(RespConnection observer) {
        return observer.call("INFO", "clients").asText();
    }

    private static void assertServedInTurn(List<RespConnection> clients, IntConsumer before) {
        for (int i = 0; i < clients.size(); i++) {
            before.accept(i);
            assertThat(clients.get(i).read().elements().stream().map(RespValue::asText))
                    .containsExactly("queue", "e" + i);
        }
    }

    @Test
    void clientsThatGoWhileTheyWaitTakeNothing() {
        try (RespConnection observer = open()) {
            for (int i = 0; i < 3; i++) {
                RespConnection waiter = open();
                waiter.send(Words.of("BLPOP", "left", "0"));
                waiter.flush();
                awaitWaiting(observer, 1);
                if (i == 0) {
                    waiter.close();
                } else if (i == 1) {
                    waiter.reset();
                } else {
                    waiter.send(Words.of("PING"));
                    waiter.endOfInput();
                }
                awaitWaiting(observer, 0);
                assertThat(observer.call("RPUSH", "left", "e")).isEqualTo(new RespValue.Int(1));
                assertThat(observer.call("LLEN", "left")).isEqualTo(new RespValue.Int(1));
                assertThat(observer.call("DEL", "left")).isEqualTo(new RespValue.Int(1));
            }
        }
    }

    @Test
    void whatAClientSendsWhileItWaitsComesAfterwards() {
        try (RespConnection observer = open();
                RespConnection waiter = open()) {
            waiter.send(Words.of("BLPOP", "queue", "0"));
            waiter.send(Words.of("RPUSH", "after", "x".repeat(200_000)));
            waiter.send(Words.of("BRPOP", "queue", "after", "0"));
            waiter.flush();
            awaitWaiting(observer, 1);
            assertThat(observer.call("EXISTS", "after")).isEqualTo(new RespValue.Int(0));
            assertThat(observer.call("RPUSH", "queue", "e")).isEqualTo(new RespValue.Int(1));
            assertThat(waiter.read().elements().get(1).asText()).isEqualTo("e");
            assertThat(waiter.read()).isEqualTo(new RespValue.Int(1));
            assertThat(waiter.read().elements().getFirst().asText()).isEqualTo("after");
        }
    }

    @Test
    void manyStalledReadersDelayNobodysLargeValue() throws IOException {
        String large = "x".repeat(LARGE_VALUE_BYTES / 4);
        String other = "y".repeat(300_000);
        List<Socket> stalled = new ArrayList<>();
        try (RespConnection client = open()) {
            client.call("SET", "large", large);
            client.call("SET", "other", other);
            for (int i = 0; i < STALLED_CLIENTS; i++) {
                stalled.add(StalledReader.open(endpoint(), "large", large.length()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.call("GET", "other")).isEqualTo(new RespValue.Bulk(other));
            }
            // Who goes on reading gets the rest.
            assertThat(stalled.getLast().getInputStream().readNBytes(large.length()))
                    .isEqualTo(large.getBytes(StandardCharsets.US_ASCII));
        } finally {
            for (Socket each : stalled) {
                each.close();
            }
        }
        try (RespConnection client = open()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.call("GET", "other")).isEqualTo(new RespValue.Bulk(other));
            }
        }
    }

    @Test
    void aPromisedLengthTakesNoMemory() throws IOException {
        List<Socket> promising = new ArrayList<>();
        try (RespConnection observer = open()) {
            long pid = processId(observer);
            long before = residentKib(pid);
            for (int i = 0; i < PROMISING_CLIENTS; i++) {
                Socket client = new Socket(endpoint().host(), endpoint().port());
                promising.add(client);
                client.getOutputStream()
                        .write(
                                "PING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$60000000\r\nabc"
                                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().readNBytes(7)).hasSize(7);
            }
            assertThat(observer.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
            assertThat(residentKib(pid) - before).isLessThan(PROMISED_LIMIT_KIB);
        } finally {
            for (Socket each : promising) {
                each.close();
            }
        }
    }

    /** A deadline is for the beginning of an answer: a value is sent to its end, or not at all. */
    @Test
    void aValueIsWholeHoweverLongItsReaderTakes() throws IOException {
        stopServer();
        server = ServerProcess.startWith(folder, "request_deadline=200ms");
        String large = "x".repeat(LARGE_VALUE_BYTES / 4);
        try (RespConnection client = open()) {
            client.call("SET", "large", large);
            try (Socket slow = StalledReader.open(endpoint(), "large", large.length())) {
                long until = System.nanoTime() + 1_000_000_000L;
                while (System.nanoTime() - until < 0) {
                    assertThat(client.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
                }
                slow.getOutputStream().write("ECHO behind\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(slow.getInputStream().readNBytes(large.length()))
                        .isEqualTo(large.getBytes(StandardCharsets.US_ASCII));
                assertThat(slow.getInputStream().readNBytes("\r\n$6\r\nbehind\r\n".length()))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("\r\n$6\r\nbehind\r\n");
            }
        }
    }

    /**
     * The slow one's reply has begun and can't go on before the others have had all theirs. One
     * core and one lane, so that nobody is spared because others serve him. Few commands, as who
     * reads nothing for half a minute is disconnected.
     */
    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void slowReaderOfALargeValueDelaysNobody(Placement placement) throws IOException {
        stopServer();
        server =
                ServerProcess.startWith(
                        folder,
                        "data_cores=1",
                        "event_loops=1",
                        "placement=" + placement.name().toLowerCase(Locale.ROOT));
        try (Socket slow = new Socket(endpoint().host(), endpoint().port());
                RespConnection other = open()) {
            String value = "x".repeat(LARGE_VALUE_BYTES);
            assertThat(other.call("SET", "large", value)).isEqualTo(new RespValue.Simple("OK"));
            slow.getOutputStream()
                    .write("GET large\r\nECHO behind\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] begin = ("$" + LARGE_VALUE_BYTES + "\r\n").getBytes(StandardCharsets.US_ASCII);
            assertThat(slow.getInputStream().readNBytes(begin.length)).isEqualTo(begin);
            for (int i = 0; i < 200; i++) {
                assertThat(other.call("INCR", "n")).isEqualTo(new RespValue.Int(i + 1));
            }
            byte[] rest = slow.getInputStream().readNBytes(LARGE_VALUE_BYTES);
            assertThat(rest).isEqualTo(value.getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.getInputStream().readNBytes("\r\n$6\r\nbehind\r\n".length()))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("\r\n$6\r\nbehind\r\n");
        }
    }
}
