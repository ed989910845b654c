package io.nodedb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP as it goes over the wire. */
class HttpFrontTest {
    private static final String CLOSE = "Host: x\r\nConnection: close\r\n\r\n";

    @TempDir private Path folder;

    private Settings settings() {
        return Settings.defaults()
                .with(ServerSettings.DATA, folder.toString())
                .with(ServerSettings.HTTP, 0)
                .with(ServerSettings.RESP, SettingUnit.PORT_OFF);
    }

    private static Socket connect(NodeDbServer server) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.httpAddress().getPort());
        // A bound on a hang: far above what a busy machine needs.
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends a text and reads until the server closes. */
    private static String exchange(NodeDbServer server, String text) throws IOException {
        try (Socket socket = connect(server)) {
            send(socket, text);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void headersComeWithoutTheBodyForHead() throws IOException {
        try (NodeDbServer server = NodeDbServer.start(settings())) {
            String get = exchange(server, "GET /health HTTP/1.1\r\n" + CLOSE);
            String head = exchange(server, "HEAD /health HTTP/1.1\r\n" + CLOSE);
            int headers = get.indexOf("\r\n\r\n") + 4;
            assertThat(get).startsWith("HTTP/1.1 200 OK\r\n").contains("application/json");
            assertThat(get.substring(headers)).contains("\"status\":\"serving\"");
            assertThat(head).isEqualTo(get.substring(0, headers));
        }
    }

    @Test
    void connectionStaysForTheNextRequest() throws IOException {
        try (NodeDbServer server = NodeDbServer.start(settings())) {
            String both =
                    exchange(
                            server,
                            "GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n"
                                    + "GET /health/ready?verbose=1 HTTP/1.1\r\n"
                                    + CLOSE);
            assertThat(both.split("HTTP/1.1 200 OK", -1)).hasSize(3);
        }
    }

    @Test
    void whatIsNotThereOrNotAllowedIsSaidInJson() throws IOException {
        try (NodeDbServer server = NodeDbServer.start(settings())) {
            assertThat(exchange(server, "GET /nothing HTTP/1.1\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 404 ")
                    .contains("application/json", "{\"error\":{\"status\":404,");
            assertThat(exchange(server, "POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 405 ")
                    .containsIgnoringCase("allow: GET, HEAD")
                    .contains("method=POST");
            assertThat(exchange(server, "what is this\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\"status\":400");
        }
    }

    @Test
    void tooMuchIsRefusedInJsonAndTheConnectionClosed() throws IOException {
        Settings settings =
                settings()
                        .with(ServerSettings.HTTP_MAX_BODY, 10L)
                        .with(ServerSettings.HTTP_MAX_HEADER, 512L);
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            String length = "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n";
            assertThat(exchange(server, length + "\r\n"))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"status\":413", "http_max_body=10");
            assertThat(exchange(server, length + "Expect: 100-continue\r\n\r\n"))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"status\":413");
            String long600 = "x".repeat(600);
            assertThat(exchange(server, "GET /health HTTP/1.1\r\nA: " + long600 + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431 ")
                    .contains("\"status\":431");
            assertThat(exchange(server, "GET /" + long600 + " HTTP/1.1\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 414 ")
                    .contains("\"status\":414");
        }
    }

    @Test
    void silentConnectionsAreClosed() throws IOException {
        Settings settings =
                settings().with(ServerSettings.HTTP_IDLE_TIMEOUT, Duration.ofMillis(20));
        try (NodeDbServer server = NodeDbServer.start(settings);
                Socket socket = connect(server)) {
            send(socket, "GET /health HT");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void unfinishedRequestsAreRefusedWhenTheirTimeIsOver() throws IOException {
        Settings settings =
                settings().with(ServerSettings.HTTP_REQUEST_TIMEOUT, Duration.ofMillis(20));
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            assertThat(exchange(server, "GET /health HT")).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        Settings settings = settings().with(ServerSettings.HTTP_MAX_CONNECTIONS, 1);
        try (NodeDbServer server = NodeDbServer.start(settings);
                Socket first = connect(server)) {
            send(first, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            InputStream answer = first.getInputStream();
            assertThat(answer.read()).isEqualTo('H');
            try (Socket second = connect(server)) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private static String metrics(String credentials) {
        String encoded =
                Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return "GET /metrics HTTP/1.1\r\nAuthorization: Basic " + encoded + "\r\n" + CLOSE;
    }

    @Test
    void metricsAskForThePasswordAndHealthDoesNot() throws IOException {
        Settings settings = settings().with(ServerSettings.PASSWORD, "s\u00e9same:1");
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            assertThat(
                            exchange(server, "GET /metrics HTTP/1.1\r\n" + CLOSE)
                                    .toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 401 ")
                    .contains("www-authenticate: basic realm=\"nodedb\"");
            for (String wrong : new String[] {"nodedb:other", "root:s\u00e9same:1", "nodedb"}) {
                assertThat(exchange(server, metrics(wrong))).startsWith("HTTP/1.1 401 ");
            }
            assertThat(
                            exchange(
                                    server,
                                    "GET /metrics HTTP/1.1\r\nAuthorization: Basic %%\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(exchange(server, metrics("nodedb:s\u00e9same:1")))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(exchange(server, "GET /health HTTP/1.1\r\n" + CLOSE))
                    .startsWith("HTTP/1.1 200 ");
        }
    }
}
