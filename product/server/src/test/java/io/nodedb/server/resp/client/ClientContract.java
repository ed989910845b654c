package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every client library must find with the server, whatever its methods are called; a subclass
 * brings the library as a {@link ClientPort}, and tests of its own for what only its methods show.
 * The server lasts for all tests of a class and is emptied before each by the subclass.
 */
abstract class ClientContract {
    static final int PATIENCE_SECONDS = 60;

    private static final int PIPELINED = 2_000;
    private static final int SCANNED = 500;

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

    static Endpoint endpoint() {
        return server.endpoint();
    }

    /** The library's connection that each test has. */
    abstract ClientPort client();

    /** Another connection, which the caller closes. */
    abstract ClientPort another();

    static String next(BlockingQueue<String> heard) throws InterruptedException {
        String message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    @Test
    void wrongTypeIsAnErrorAndTheConnectionGoesOn() {
        client().set("text", "x");
        assertThatThrownBy(() -> client().push("text", "y"))
                .isInstanceOf(client().refusal())
                .hasMessageStartingWith("WRONGTYPE");
        assertThat(client().get("text")).isEqualTo("x");
    }

    @Test
    void commandsSentTogetherAreAnsweredInOrder() throws Exception {
        assertThat(client().incrementTogether("n", PIPELINED))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, PIPELINED).boxed().toList());
        assertThat(client().get("n")).isEqualTo("" + PIPELINED);
    }

    @Test
    void transactionTakesEffectAtOnce() {
        assertThat(client().setAndIncrement("n", "1")).containsExactly("OK", 2L);
        assertThat(client().get("n")).isEqualTo("2");
    }

    @Test
    void watchedKeyThatChangesAbortsTheTransaction() {
        client().set("watched", "1");
        client().watch("watched");
        try (ClientPort other = another()) {
            other.set("watched", "7");
        }
        assertThat(client().setAndIncrement("watched", "20")).isNull();
        assertThat(client().get("watched")).isEqualTo("7");

        client().watch("watched");
        assertThat(client().setAndIncrement("watched", "20")).containsExactly("OK", 21L);
    }

    @Test
    void messagesReachChannelsAndPatterns() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ClientPort.Subscription subscription = client().subscribe("news", heard);
        try {
            assertThat(next(heard)).isEqualTo("subscribed news");
            subscription.addPattern("news.*");
            assertThat(next(heard)).isEqualTo("subscribed news.*");
            assertThat(client().publish("news", "one")).isEqualTo(1);
            assertThat(next(heard)).isEqualTo("news: one");
            assertThat(client().publish("news.sport", "two")).isEqualTo(1);
            assertThat(next(heard)).isEqualTo("news.* news.sport: two");
            assertThat(client().publish("other", "three")).isZero();
        } finally {
            subscription.end();
        }
        assertThat(client().publish("news", "four")).isZero();
    }

    @Test
    void scanFindsEveryKeyThatStays() {
        Set<String> written = new TreeSet<>();
        for (int i = 0; i < SCANNED; i++) {
            client().set("key:" + i, "v");
            client().set("else:" + i, "v");
            written.add("key:" + i);
        }
        List<String> found = client().scan("key:*", 37);
        assertThat(new TreeSet<>(found)).isEqualTo(written);
    }

    @Test
    void largeValues() {
        String value = "0123456789abcdef".repeat(300_000);
        client().set("large", value);
        assertThat(client().get("large")).isEqualTo(value);
    }
}
