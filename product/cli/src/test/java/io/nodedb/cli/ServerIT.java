package io.nodedb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.testkit.ForkedJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
