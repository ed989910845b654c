package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.CollectionSettings;
import io.nodedb.Document;
import io.nodedb.Durability;
import io.nodedb.Id;
import io.nodedb.NodeDb;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code SELECT name}: collections that were created otherwise, beside the numbered databases. */
class NamedCollectionsTest {
    @TempDir private Path folder;

    private void embedded(Consumer<NodeDb> work) {
        try (NodeDb database = NodeDb.open(folder)) {
            work.accept(database);
        }
    }

    private void served(Consumer<RespConnection> work) {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                        .with(ServerSettings.RESP, 0)
                        .with(RuntimeSettings.DATA_CORES, 1);
        try (NodeDbServer server = NodeDbServer.start(settings);
                RespConnection client =
                        RespConnection.open(Endpoint.local(server.respAddress().getPort()))) {
            work.accept(client);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertOk(RespValue reply) {
        assertThat(reply).isEqualTo(new RespValue.Simple("OK"));
    }

    private static void assertError(RespValue reply, String text) {
        assertThat(reply).isEqualTo(new RespValue.Failure(text));
    }

    @Test
    void keyValueCollectionIsSelectedByItsName() {
        embedded(database -> database.kv("sessions").put(bytes("k"), bytes("v")));
        served(client -> {
            assertOk(client.call("SELECT", "sessions"));
            assertThat(client.call("GET", "k")).isEqualTo(new RespValue.Bulk("v"));
            assertThat(client.call("CLIENT", "INFO").asText()).contains(" db=-1 ");
            assertOk(client.call("SET", "l", "w"));
            assertOk(client.call("SELECT", "0"));
            assertThat(client.call("GET", "l")).isEqualTo(RespValue.Null.STRING);
        });
        embedded(database ->
                assertThat(database.kv("sessions").get(bytes("l"))).isEqualTo(bytes("w")));
    }

    @Test
    void unknownNameIsNoDatabase() {
        served(client -> {
            assertError(
                    client.call("SELECT", "nobody"), "ERR value is not an integer or out of range");
            assertError(client.call("SELECT", "+1"), "ERR value is not an integer or out of range");
            assertError(client.call("SELECT", "-1"), "ERR DB index is out of range");
            assertError(client.call("SELECT", "16384"), "ERR DB index is out of range");
        });
    }

    @Test
    void collectionsOfOtherEnginesAreRefusedAndKept() {
        embedded(database -> {
            database.documents("orders").put("1", Document.empty());
            database.documents("kv7").put("1", Document.empty());
        });
        served(client -> {
            assertError(
                    client.call("SELECT", "orders"),
                    "ERR the collection is not of keys and values: orders");
            assertError(
                    client.call("SELECT", "7"),
                    "ERR the collection is not of keys and values: kv7");
            assertOk(client.call("SET", "k", "v"));
            assertError(
                    client.call("MOVE", "k", "7"),
                    "ERR the collection is not of keys and values: kv7");
            assertThat(client.call("INFO", "keyspace").asText())
                    .contains("db0:")
                    .doesNotContain("db7:");
            assertOk(client.call("FLUSHALL"));
        });
        embedded(database -> {
            assertThat(database.documents("orders").exists(Id.of("1"))).isTrue();
            assertThat(database.documents("kv7").exists(Id.of("1"))).isTrue();
        });
    }

    @Test
    void emptiedCollectionKeepsWhatItWasCreatedWith() {
        embedded(database -> {
            CollectionSettings settings =
                    CollectionSettings.DEFAULTS.withFeed().durability(Durability.SYNC).tenant(3);
            database.kv("sessions", settings).put(bytes("k"), bytes("v"));
        });
        served(client -> {
            assertOk(client.call("SELECT", "sessions"));
            assertOk(client.call("FLUSHDB"));
            assertThat(client.call("GET", "k")).isEqualTo(RespValue.Null.STRING);
            assertOk(client.call("SET", "new", "v"));
        });
        try (EmbeddedDatabase database = EmbeddedDatabase.open(folder, Settings.defaults())) {
            CollectionInfo emptied = database.control().catalog().state().live("sessions");
            assertThat(emptied.feed()).isTrue();
            assertThat(emptied.durability()).isEqualTo(CommitDurability.SYNC);
            assertThat(emptied.tenant()).isEqualTo(3);
        }
    }

    @Test
    void emptyingAllSparesNamedCollections() {
        embedded(database -> {
            database.kv("sessions").put(bytes("k"), bytes("v"));
            database.kv("kv99999999999").put(bytes("k"), bytes("v"));
        });
        served(client -> {
            assertOk(client.call("SET", "k", "v"));
            assertThat(client.call("INFO", "keyspace").asText()).contains("db0:keys=1,");
            assertOk(client.call("FLUSHALL"));
            assertThat(client.call("DBSIZE")).isEqualTo(new RespValue.Int(0));
            assertOk(client.call("SELECT", "sessions"));
            assertThat(client.call("DBSIZE")).isEqualTo(new RespValue.Int(1));
        });
        embedded(database ->
                assertThat(database.kv("kv99999999999").get(bytes("k"))).isEqualTo(bytes("v")));
    }
}
