package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.settings.Setting;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings allow one client, and all of them. */
class RespLimitsIT {
    /** A bound on a hang, not an expectation. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** More than systems keep of what a client has not read, at {@link #MESSAGE_BYTES} each. */
    private static final int MOST_MESSAGES = 20_000;

    private static final int MESSAGE_BYTES = 60_000;

    @TempDir private Path folder;

    private <T extends Comparable<T>> NodeDbServer server(Setting<T> setting, T value) {
        return NodeDbServer.start(
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                        .with(ServerSettings.RESP, 0)
                        .with(setting, value));
    }

    private static RespConnection open(NodeDbServer server) {
        return RespConnection.open(Endpoint.local(server.respAddress().getPort()));
    }

    private static void assertClosed(RespConnection client) {
        assertThatThrownBy(client::read).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void clientsBeyondTheLimitAreRefusedUntilOneGoes() {
        try (NodeDbServer server = server(ServerSettings.MAX_CONNECTIONS, 2);
                RespConnection stays = open(server)) {
            try (RespConnection goes = open(server)) {
                assertThat(stays.call("CONFIG", "GET", "maxclients").elements().get(1))
                        .hasToString("\"2\"");
                assertThat(goes.call("PING")).hasToString("+PONG");
                try (RespConnection third = open(server)) {
                    assertThat(third.read()).hasToString("-ERR max number of clients reached");
                    assertClosed(third);
                }
                assertThat(stays.call("INFO", "clients").asText())
                        .contains("connected_clients:2\r\n");
                assertThat(stays.call("INFO", "stats").asText())
                        .contains("rejected_connections:1\r\n");
            }
            awaitPlace(stays);
            try (RespConnection next = open(server)) {
                assertThat(next.call("PING")).hasToString("+PONG");
            }
        }
    }

    private static void awaitPlace(RespConnection client) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!client.call("INFO", "clients").asText().contains("connected_clients:1\r\n")) {
            assertThat(System.nanoTime() - deadline).as("nobody went").isNegative();
        }
    }

    @Test
    void silentClientsAreDisconnectedUnlessTheyWaitOrListen() {
        try (NodeDbServer server = server(ServerSettings.IDLE_TIMEOUT, Duration.ofMillis(200));
                RespConnection listens = open(server);
                RespConnection waits = open(server)) {
            assertThat(listens.call("SUBSCRIBE", "news"))
                    .hasToString("[\"subscribe\" \"news\" :1]");
            waits.send(Words.of("BLPOP", "list", "0"));
            waits.flush();
            try (RespConnection silent = open(server)) {
                assertThat(silent.call("PING")).hasToString("+PONG");
                assertClosed(silent);
            }
            // These two have been silent for longer.
            try (RespConnection other = open(server)) {
                assertThat(other.call("PUBLISH", "news", "hello")).isEqualTo(new RespValue.Int(1));
                assertThat(other.call("RPUSH", "list", "v")).isEqualTo(new RespValue.Int(1));
            }
            assertThat(listens.read()).hasToString("[\"message\" \"news\" \"hello\"]");
            assertThat(waits.read()).hasToString("[\"list\" \"v\"]");
            assertClosed(waits);
        }
    }

    @Test
    void whoLeavesTooMuchUnreadIsDisconnected() {
        try (NodeDbServer server = server(ServerSettings.OUTPUT_BUFFER_LIMIT, 64L << 10);
                RespConnection lazy = open(server);
                RespConnection other = open(server)) {
            assertThat(lazy.call("SUBSCRIBE", "news")).hasToString("[\"subscribe\" \"news\" :1]");
            Words publish = Words.of("PUBLISH", "news", "x".repeat(MESSAGE_BYTES));
            int sent = 0;
            while (other.call(publish).equals(new RespValue.Int(1))) {
                sent++;
                assertThat(sent).as("messages that nobody has read").isLessThan(MOST_MESSAGES);
            }
            int[] read = new int[1];
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    RespValue ignored = lazy.read();
                                    read[0]++;
                                }
                            })
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(read[0]).isLessThan(sent);
            assertThat(other.call("PING")).hasToString("+PONG");
        }
    }

    @Test
    void longerArgumentsBreakTheProtocol() {
        try (NodeDbServer server = server(ServerSettings.RESP_MAX_BULK, 1L << 10);
                RespConnection client = open(server)) {
            assertThat(client.call("CONFIG", "GET", "proto-max-bulk-len").elements().get(1))
                    .hasToString("\"1024\"");
            assertThat(client.call("SET", "k", "x".repeat(1 << 10))).hasToString("+OK");
            assertThat(client.call("STRLEN", "k")).isEqualTo(new RespValue.Int(1 << 10));
            client.sendRaw("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1025\r\n");
            assertThat(client.read()).hasToString("-ERR Protocol error: invalid bulk length");
            assertClosed(client);
        }
    }

    @Test
    void moreArgumentsBreakTheProtocol() {
        try (NodeDbServer server = server(ServerSettings.RESP_MAX_ARGUMENTS, 16);
                RespConnection client = open(server)) {
            String[] most = new String[16];
            java.util.Arrays.fill(most, "x");
            most[0] = "DEL";
            assertThat(client.call(most)).isEqualTo(new RespValue.Int(0));
            client.sendRaw("*17\r\n");
            assertThat(client.read()).hasToString("-ERR Protocol error: invalid multibulk length");
            assertClosed(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "x"})
    void longerLinesBreakTheProtocol(String end) {
        try (NodeDbServer server = server(ServerSettings.RESP_MAX_INLINE, 64L);
                RespConnection client = open(server)) {
            client.sendRaw("ECHO " + "x".repeat(50) + "\r\n");
            assertThat(client.read()).isEqualTo(new RespValue.Bulk("x".repeat(50)));
            client.sendRaw("ECHO " + "x".repeat(100) + end);
            assertThat(client.read()).hasToString("-ERR Protocol error: too big inline request");
            assertClosed(client);
        }
    }
}
