package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.server.lane.ServerLanes;
import io.nodedb.server.lane.Transport;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A collection that was emptied, and whose name then means nothing, or a collection of another
 * engine: who had it selected is told so, and waits for nothing.
 */
@Timeout(300)
class LostCollectionsTest {
    private static final int PATIENCE_SECONDS = 60;
    private static final String NAME = "sessions";
    private static final RespValue DROPPED =
            new RespValue.Failure("ERR the collection was dropped: sessions");
    private static final RespValue NOT_SERVED =
            new RespValue.Failure("ERR the collection is not of keys and values: sessions");

    @TempDir private Path folder;

    private ServerLanes lanes;
    private EmbeddedDatabase database;
    private RespFront front;
    private Endpoint endpoint;

    /** One lane beside the cores, with two partitions. */
    @BeforeEach
    void startServer() {
        lanes = new ServerLanes(1, false, Transport.AUTO.available(), SystemTimeSource.INSTANCE);
        Settings settings = Settings.defaults().with(RuntimeSettings.DATA_CORES, 2);
        database = EmbeddedDatabase.open(folder, settings, lanes);
        front =
                new RespFront(
                        lanes,
                        database.control(),
                        SystemTimeSource.INSTANCE,
                        RespLimits.DEFAULTS,
                        "",
                        database.kernel().environment().governor(),
                        100,
                        64 << 20,
                        false);
        front.setRequestTimeout(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
        lanes.start();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        endpoint = Endpoint.local(front.start(any).getPort());
        database.control().createCollection(NAME, CollectionOptions.KEY_VALUE);
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        front.stopAccepting();
        database.close();
        lanes.end();
        front.close();
    }

    private RespConnection selected() {
        RespConnection client = RespConnection.open(endpoint);
        assertOk(client.call("SELECT", NAME));
        assertOk(client.call("MSET", "a", "1", "b", "2", "c", "3", "d", "4"));
        return client;
    }

    private static void assertOk(RespValue reply) {
        assertThat(reply).isEqualTo(new RespValue.Simple("OK"));
    }

    private void emptyAndDrop() {
        try (RespConnection other = RespConnection.open(endpoint)) {
            assertOk(other.call("SELECT", NAME));
            assertOk(other.call("FLUSHDB"));
        }
        database.control().dropCollection(NAME);
    }

    /** Runs on the lane's thread what it gives to a future. */
    private <T> T onLane(Callable<T> work) throws Exception {
        return lanes.loops()
                .getFirst()
                .sockets()
                .submit(work)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private io.nodedb.server.resp.RespConnection connection(RespConnection client) {
        long id = ((RespValue.Int) client.call("CLIENT", "ID")).number();
        return front.server().clients().byId(id);
    }

    @Test
    void newCommandsAreToldThatTheEmptiedCollectionWasDropped() {
        try (RespConnection client = selected()) {
            emptyAndDrop();
            assertThat(client.call("GET", "a")).isEqualTo(DROPPED);
            assertThat(client.call("MGET", "a", "b", "c", "d")).isEqualTo(DROPPED);
            database.control().createCollection(NAME, CollectionOptions.DOCUMENT);
            assertThat(client.call("GET", "a")).isEqualTo(NOT_SERVED);
            assertThat(client.call("BLPOP", "a", "0")).isEqualTo(NOT_SERVED);
            assertOk(client.call("SELECT", "0"));
            assertThat(client.call("GET", "a")).isEqualTo(RespValue.Null.STRING);
        }
    }

    @Test
    void aDroppedDatabaseWithANumberIsMadeAgainAsSelectDoes() {
        try (RespConnection client = RespConnection.open(endpoint)) {
            for (String number : new String[] {"0", "7"}) {
                assertOk(client.call("SELECT", number));
                assertOk(client.call("SET", "a", "1"));
                database.control().dropCollection("kv" + number);
                assertThat(client.call("GET", "a")).isEqualTo(RespValue.Null.STRING);
                assertOk(client.call("SET", "a", "2"));
            }
        }
    }

    @Test
    void whoWaitsIsToldThatAnotherEngineHasTheName() {
        try (RespConnection client = selected();
                RespConnection observer = RespConnection.open(endpoint)) {
            client.send(Words.of("BLPOP", "x", "y", "z", "0"));
            client.flush();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!observer.call("INFO", "clients").asText().contains("blocked_clients:1\r\n")) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            int collection = database.control().dropCollection(NAME).id();
            database.control().createCollection(NAME, CollectionOptions.DOCUMENT);
            database.control().purgeCollection(collection);
            assertThat(client.read()).isEqualTo(NOT_SERVED);
            assertThat(client.call("GET", "a")).isEqualTo(NOT_SERVED);
        }
    }

    /** A batch was under way when its collection was emptied. */
    @Test
    void batchIsNotTriedAgainWhenAnotherEngineHasTheName() throws Exception {
        try (RespConnection client = selected()) {
            io.nodedb.server.resp.RespConnection connection = connection(client);
            int emptied = connection.state().collection();
            emptyAndDrop();
            database.control().createCollection(NAME, CollectionOptions.DOCUMENT);
            boolean again =
                    onLane(() ->
                            connection
                                    .lane()
                                    .isTriedAgain(
                                            connection, ErrorCode.NOT_FOUND, emptied, () -> {}));
            assertThat(again).isFalse();
            String told =
                    onLane(() ->
                            connection
                                    .lane()
                                    .textOf(connection, ErrorCode.NOT_FOUND, "no such number"));
            assertThat(new RespValue.Failure(told)).isEqualTo(client.call("GET", "a"));
        }
    }

    @Test
    void batchIsTriedAgainWhenTheEmptiedCollectionStands() throws Exception {
        try (RespConnection client = selected();
                RespConnection other = RespConnection.open(endpoint)) {
            io.nodedb.server.resp.RespConnection connection = connection(client);
            int emptied = connection.state().collection();
            assertOk(other.call("SELECT", NAME));
            assertOk(other.call("FLUSHDB"));
            CompletableFuture<Integer> began = new CompletableFuture<>();
            boolean again =
                    onLane(() ->
                            connection
                                    .lane()
                                    .isTriedAgain(
                                            connection,
                                            ErrorCode.NOT_FOUND,
                                            emptied,
                                            () -> began.complete(connection.state().collection())));
            assertThat(again).isTrue();
            assertThat(began.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotEqualTo(emptied);
        }
    }
}
