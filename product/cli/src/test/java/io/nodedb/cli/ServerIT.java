package io.nodedb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.testkit.ForkedJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code nodedb server} as a process of its own. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ServerIT {
    private static final Pattern HTTP = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/health");

    private static final Pattern RESP = Pattern.compile("redis-cli -p (\\d+)");

    /** A bound on a hang, not an expectation. */
    private static final int PATIENCE_SECONDS = 120;

    @TempDir private Path folder;

    private ForkedJvm server(String... flags) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "server",
                                "--data",
                                folder.toString(),
                                "--http",
                                "0",
                                "--resp",
                                "0"));
        arguments.addAll(List.of(flags));
        return ForkedJvm.start(NodeDbCommand.class, arguments.toArray(String[]::new));
    }

    /** SIGTERM. */
    private static int terminate(ForkedJvm process) {
        assertThat(ProcessHandle.of(process.pid()).orElseThrow().destroy()).isTrue();
        return process.waitFor();
    }

    @Test
    void saysInOneLineHowToConnectAndEndsWell() throws Exception {
        try (ForkedJvm process = server()) {
            String ready = process.readLine();
            assertThat(ready)
                    .matches(
                            "nodedb ready: redis-cli -p \\d+, http://127\\.0\\.0\\.1:\\d+/health,"
                                    + " data=.*, \\d+\\.\\d s")
                    .contains("data=" + folder);
            Matcher http = HTTP.matcher(ready);
            assertThat(http.find()).isTrue();
            try (HttpClient client = HttpClient.newHttpClient()) {
                URI uri = URI.create("http://127.0.0.1:" + http.group(1) + "/health/ready");
                assertThat(
                                client.send(
                                                HttpRequest.newBuilder(uri).build(),
                                                HttpResponse.BodyHandlers.ofString())
                                        .statusCode())
                        .isEqualTo(200);
            }
            assertThat(terminate(process)).as(process.stderr()).isEqualTo(0);
            assertThat(process.readLine()).isNull();
            assertThat(process.stderr()).contains("stopping", "stopped").doesNotContain("ERROR");
        }
        // It ended cleanly: the next one finds the directory free.
        try (ForkedJvm next = server()) {
            assertThat(next.readLine()).startsWith("nodedb ready");
            assertThat(terminate(next)).isEqualTo(0);
        }
    }

    private static Socket client(String ready, String commands) throws IOException {
        Matcher port = RESP.matcher(ready);
        assertThat(port.find()).isTrue();
        Socket socket = new Socket();
        // A small window, so that who does not read soon makes the server wait.
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1))));
        socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void expect(Socket client, String reply) throws IOException {
        assertThat(client.getInputStream().readNBytes(reply.length()))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(reply);
    }

    /** Writers, one that waits for a key, an open transaction, one that reads nothing more. */
    @Test
    void endsWellWhileClientsAreBusyAndKeepsWhatItAcknowledged() throws Exception {
        int acknowledged;
        try (ForkedJvm process = server()) {
            String ready = process.readLine();
            String value = "x".repeat(60_000_000);
            try (Socket writer = client(ready, "PING\r\n");
                    Socket blocked = client(ready, "PING\r\nBLPOP nothing 0\r\n");
                    Socket open = client(ready, "MULTI\r\nSET never 1\r\n");
                    Socket stalled = client(ready, "PING\r\n")) {
                expect(writer, "+PONG\r\n");
                expect(blocked, "+PONG\r\n");
                expect(open, "+OK\r\n+QUEUED\r\n");
                expect(stalled, "+PONG\r\n");
                stalled.getOutputStream()
                        .write(
                                ("*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$60000000\r\n" + value + "\r\n")
                                        .getBytes(StandardCharsets.US_ASCII));
                expect(stalled, "+OK\r\n");
                stalled.getOutputStream()
                        .write("GET large\r\n".getBytes(StandardCharsets.US_ASCII));
                expect(stalled, "$60000000\r\nxxxx");
                writer.getOutputStream()
                        .write("INCR n\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
                expect(writer, ":1\r\n");
                assertThat(terminate(process)).as(process.stderr()).isEqualTo(0);
                acknowledged = 1 + count(writer);
            }
            assertThat(process.stderr()).doesNotContain("ERROR");
        }
        try (ForkedJvm next = server()) {
            String ready = next.readLine();
            try (Socket client = client(ready, "INCRBY n 0\r\nEXISTS never large\r\n")) {
                String found = line(client);
                assertThat(Integer.parseInt(found.substring(1))).isBetween(acknowledged, 10_000);
                expect(client, ":1\r\n");
            }
            assertThat(terminate(next)).isEqualTo(0);
        }
    }

    /** How many numbers came before the connection ended; the last may be an error. */
    private static int count(Socket client) throws IOException {
        int numbers = 0;
        String line = line(client);
        while (line.startsWith(":")) {
            numbers++;
            line = line(client);
        }
        return numbers;
    }

    /** The next line, or what there was of it when the connection ended. */
    private static String line(Socket client) {
        StringBuilder line = new StringBuilder();
        try {
            int next = client.getInputStream().read();
            while (next >= 0 && next != '\n') {
                line.append((char) next);
                next = client.getInputStream().read();
            }
            return next < 0 ? "" : line.toString().strip();
        } catch (IOException reset) {
            return "";
        }
    }

    @Test
    void secondServerOnOneDirectoryIsRefusedAndToldTheHolder() {
        try (ForkedJvm first = server()) {
            assertThat(first.readLine()).startsWith("nodedb ready");
            try (ForkedJvm second = server()) {
                assertThat(second.waitFor()).isEqualTo(1);
                assertThat(second.stderr()).contains("nodedb: ", "pid=" + first.pid());
                assertThat(second.readLine()).isNull();
            }
        }
    }

    @Test
    void badSettingIsRefusedWithTheNearestName() {
        try (ForkedJvm process = server("--set", "memory_limt=1GiB")) {
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(process.stderr())
                    .contains("unknown setting", "did you mean memory_limit?")
                    .doesNotContain("\tat ");
        }
        try (ForkedJvm process = server("--set", "placement=sideways")) {
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(process.stderr()).contains("one of auto, separate, combined");
        }
    }

    @Test
    void beyondLoopbackItWantsAPassword() throws IOException {
        try (ForkedJvm process = server("--host", "0.0.0.0")) {
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(process.stderr()).contains("without a password", "--password-file");
        }
        Path password = Files.writeString(folder.resolve("password"), "open sesame\n");
        try (ForkedJvm process =
                server("--host", "0.0.0.0", "--password-file", password.toString())) {
            assertThat(process.readLine()).startsWith("nodedb ready").doesNotContain("sesame");
            assertThat(terminate(process)).isEqualTo(0);
        }
    }

    /** What Redis clients are told of a setting, by the server that has said this. */
    private static String setting(String ready, String name) throws IOException {
        Matcher port = RESP.matcher(ready);
        assertThat(port.find()).as(ready).isTrue();
        int number = Integer.parseInt(port.group(1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), number)) {
            socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
            String asked = "CONFIG GET " + name + "\r\nQUIT\r\n";
            socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
            byte[] replies = socket.getInputStream().readAllBytes();
            return new String(replies, StandardCharsets.US_ASCII).split("\r\n", -1)[4];
        }
    }

    @Test
    void settingsComeFromTheFileAndFlagsGoBeforeThem() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("other.toml"),
                        "durability = \"async\"\nslowlog_length = 7\nmax_connections = 20\n");
        try (ForkedJvm process =
                server("--config", file.toString(), "--set", "max_connections=30")) {
            String ready = process.readLine();
            assertThat(setting(ready, "durability")).isEqualTo("async");
            assertThat(setting(ready, "slowlog-max-len")).isEqualTo("7");
            assertThat(setting(ready, "maxclients")).isEqualTo("30");
            assertThat(terminate(process)).isEqualTo(0);
        }
        try (ForkedJvm process = server("--config", folder.resolve("none.toml").toString())) {
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(process.stderr()).contains("can't be read", "none.toml");
        }
    }

    /** A server with these words before its command line; its log goes to a file. */
    private ProcessBuilder process(List<String> before, String... flags) {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(NodeDbCommand.class.getName(), "server"));
        command.addAll(List.of(flags));
        return new ProcessBuilder(command).redirectError(log().toFile());
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    private static String firstLine(BufferedReader out) throws Exception {
        return CompletableFuture.supplyAsync(() -> out.lines().findFirst().orElse(""))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void assertEndsWell(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(0);
    }

    /** What runs in the background of a shell ignores interrupts, and so do its children. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void keyboardInterruptEndsItWell() throws Exception {
        String data = folder.resolve("data").toString();
        Process process =
                process(
                                List.of("env", "--default-signal=INT"),
                                "--data",
                                data,
                                "--http",
                                "off",
                                "--resp",
                                "0")
                        .start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(firstLine(out)).startsWith("nodedb ready").doesNotContain("http");
            Process kill =
                    new ProcessBuilder("kill", "-INT", "" + process.pid()).inheritIO().start();
            assertThat(kill.waitFor()).isEqualTo(0);
            assertEndsWell(process);
            assertThat(log()).content().contains("stopping", "stopped").doesNotContain("ERROR");
        } finally {
            boolean ignored = process.toHandle().destroyForcibly();
        }
    }

    @Test
    void settingsComeFromTheEnvironment() throws Exception {
        ProcessBuilder builder = process(List.of(), "--set", "slowlog_length=9");
        Map<String, String> environment = builder.environment();
        environment.put("NODEDB_DATA", folder.resolve("data").toString());
        environment.put("NODEDB_HTTP", "off");
        environment.put("NODEDB_RESP", "0");
        environment.put("NODEDB_DURABILITY", "async");
        environment.put("NODEDB_SLOWLOG_LENGTH", "8");
        Process process = builder.start();
        try (BufferedReader out = process.inputReader()) {
            String ready = firstLine(out);
            assertThat(ready).contains("data=" + folder.resolve("data"));
            assertThat(setting(ready, "durability")).isEqualTo("async");
            assertThat(setting(ready, "slowlog-max-len")).isEqualTo("9");
            assertThat(process.toHandle().destroy()).isTrue();
            assertEndsWell(process);
        } finally {
            boolean ignored = process.toHandle().destroyForcibly();
        }
    }
}
