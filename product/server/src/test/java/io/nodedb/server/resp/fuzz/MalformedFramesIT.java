package io.nodedb.server.resp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server answers to frames that are none. */
class MalformedFramesIT {
    @TempDir static Path folder;

    private static @Nullable ServerProcess server;

    @BeforeAll
    static void startServer() {
        server = ServerProcess.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static RespConnection open() {
        return RespConnection.open(server.endpoint());
    }

    static List<Arguments> brokenFrames() {
        return List.of(
                Arguments.of("*abc\r\n", "invalid multibulk length"),
                Arguments.of("*\r\n$4\r\nPING\r\n", "invalid multibulk length"),
                Arguments.of("*2147483648\r\n", "invalid multibulk length"),
                Arguments.of("*99999999999999999999\r\n", "invalid multibulk length"),
                Arguments.of("*1 \r\n", "invalid multibulk length"),
                Arguments.of("*1\r\n$abc\r\n", "invalid bulk length"),
                Arguments.of("*1\r\n$-1\r\n", "invalid bulk length"),
                Arguments.of("*1\r\n$536870913\r\n", "invalid bulk length"),
                Arguments.of("*1\r\n$99999999999999999999\r\n", "invalid bulk length"),
                Arguments.of("*1\r\n+PING\r\n", "expected '$', got '+'"),
                Arguments.of("*1\r\n:1\r\n", "expected '$', got ':'"),
                Arguments.of("*1\r\nPING\r\n", "expected '$', got 'P'"),
                Arguments.of("GET \"unbalanced\r\n", "unbalanced quotes in request"),
                Arguments.of("GET 'a'b\r\n", "unbalanced quotes in request"),
                Arguments.of("x".repeat(70_000), "too big inline request"),
                Arguments.of("*" + "1".repeat(70_000), "too big mbulk count string"),
                Arguments.of("*1\r\n$" + "1".repeat(70_000), "too big bulk count string"));
    }

    @ParameterizedTest(name = "[{index}] {1}") // some frames are very long
    @MethodSource("brokenFrames")
    void isToldWhatIsWrongAndTheConnectionEnds(String bytes, String error) {
        try (RespConnection connection = open()) {
            connection.sendRaw(bytes);
            assertThat(connection.read())
                    .isEqualTo(new RespValue.Failure("ERR Protocol error: " + error));
            assertThatThrownBy(connection::read).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void whatCameBeforeTheBrokenFrameIsAnswered() {
        try (RespConnection connection = open()) {
            connection.sendRaw("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n*1\r\n?\r\n");
            assertThat(connection.read()).isEqualTo(new RespValue.Simple("PONG"));
            assertThat(connection.read()).isEqualTo(new RespValue.Simple("PONG"));
            assertThat(connection.read()).isInstanceOf(RespValue.Failure.class);
        }
    }

    /** Frames without a command and empty lines are passed over in silence. */
    @ParameterizedTest
    @ValueSource(
            strings = {"*0\r\n", "*-1\r\n", "*-7\r\n", "\r\n", "\n", "   \r\n", "\r\n\r\n*0\r\n"})
    void emptyFrameIsPassedOver(String bytes) {
        try (RespConnection connection = open()) {
            connection.sendRaw(bytes);
            assertThat(connection.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ECHO \"two words\"\r\n",
                "  ECHO   'two words'  \r\n",
                "echo \"two\\x20words\"\n",
                "ECHO two\\ words\r\nECHO \"two words\"\r\n"
            })
    void inlineCommandsMayBeQuoted(String line) {
        try (RespConnection connection = open()) {
            connection.sendRaw(line);
            RespValue reply = connection.read();
            if (reply instanceof RespValue.Failure) {
                reply = connection.read();
            }
            assertThat(reply).isEqualTo(new RespValue.Bulk("two words"));
        }
    }

    @Test
    void argumentsMayBeEmptyAndBinary() {
        String binary = "\0\r\n*1\r\n$4\r\n\u00ff";
        try (RespConnection connection = open()) {
            assertThat(connection.call("ECHO", binary)).isEqualTo(new RespValue.Bulk(binary));
            assertThat(connection.call("ECHO", "")).isEqualTo(new RespValue.Bulk(""));
            assertThat(connection.call("")).isInstanceOf(RespValue.Failure.class);
            assertThat(connection.call("PING")).isEqualTo(new RespValue.Simple("PONG"));
        }
    }
}
