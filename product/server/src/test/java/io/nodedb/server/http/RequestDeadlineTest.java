package io.nodedb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.ServerState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection with all its handlers, at a time that only the test moves. */
class RequestDeadlineTest {
    private static final int LIMIT_SECONDS = 10;

    private final EmbeddedChannel connection =
            new EmbeddedChannel(
                    new HttpConnections(
                            Settings.defaults()
                                    .with(
                                            ServerSettings.HTTP_REQUEST_TIMEOUT,
                                            Duration.ofSeconds(LIMIT_SECONDS)),
                            new ServerState(),
                            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE)));

    @BeforeEach
    void stopTheClock() {
        connection.freezeTime();
    }

    @AfterEach
    void close() {
        boolean ignored = connection.finishAndReleaseAll();
    }

    private void receive(String text) {
        boolean ignored =
                connection.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void seconds(int count) {
        connection.advanceTimeBy(count, TimeUnit.SECONDS);
        connection.runPendingTasks();
    }

    private String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = connection.readOutbound();
                bytes != null;
                bytes = connection.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return text.toString();
    }

    /** Sends a byte a second, so that it is never silent. */
    private void trickle(int seconds) {
        for (int i = 0; i < seconds; i++) {
            seconds(1);
            receive("a");
        }
    }

    private void assertRefused() {
        assertThat(sent()).startsWith("HTTP/1.1 408 ").contains("http_request_timeout");
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void headerThatTricklesInIsRefusedAtTheDeadline() {
        receive("GET /health HTTP/1.1\r\nA: ");
        trickle(LIMIT_SECONDS - 1);
        assertThat(sent()).isEmpty();
        assertThat(connection.isOpen()).isTrue();
        seconds(1);
        assertRefused();
    }

    @Test
    void bodyThatTricklesInIsRefusedAtTheDeadline() {
        receive("POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
        trickle(LIMIT_SECONDS - 1);
        assertThat(sent()).isEmpty();
        seconds(1);
        assertRefused();
    }

    @Test
    void timeRunsAnewForEachRequestAndNotBetweenThem() {
        for (int i = 0; i < 10; i++) {
            receive("GET /nothing HTTP/1.1\r\n");
            seconds(LIMIT_SECONDS - 1);
            receive("Host: x\r\n\r\n");
            assertThat(sent()).as("request %s", i).startsWith("HTTP/1.1 404 ");
            seconds(2 * LIMIT_SECONDS);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void beginningOfTheNextRequestInTheSamePacketIsBoundedAsWell() {
        receive("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /he");
        assertThat(sent()).startsWith("HTTP/1.1 404 ");
        seconds(1);
        receive("alth HTTP/1.1\r\nA: ");
        trickle(LIMIT_SECONDS - 1);
        assertThat(connection.isOpen()).isTrue();
        seconds(1);
        assertRefused();
    }
}
