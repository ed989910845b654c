package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Durability;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code CONFIG SET durability}, and whether the log does what it says. */
class DurabilityTest {
    /** One after the other, so that each one's sync is its own. */
    private static final int WRITES = 100;

    private static final Pattern SYNCS = Pattern.compile("nodedb_wal_sync_seconds_count (\\d+)");

    @TempDir private Path folder;

    private static long syncs(NodeDbServer server) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String page =
                    client.send(
                                    HttpRequest.newBuilder(address).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            Matcher count = SYNCS.matcher(page);
            assertThat(count.find()).isTrue();
            return Long.parseLong(count.group(1));
        }
    }

    /** How many syncs the writes have caused. */
    private static long syncsOfWrites(NodeDbServer server, RespConnection client)
            throws IOException, InterruptedException {
        long before = syncs(server);
        for (int i = 0; i < WRITES; i++) {
            assertThat(client.call("SET", "k" + i, "v")).hasToString("+OK");
        }
        return syncs(server) - before;
    }

    private static void assertDurability(RespConnection client, String ours, String theirs) {
        assertThat(client.call("CONFIG", "GET", "durability"))
                .hasToString("[\"durability\" \"" + ours + "\"]");
        assertThat(client.call("CONFIG", "GET", "appendfsync"))
                .hasToString("[\"appendfsync\" \"" + theirs + "\"]");
        assertThat(client.call("INFO", "persistence").asText())
                .contains("durability:" + ours + "\r\n");
    }

    @Test
    void writesAreSyncedAsIsSet() throws Exception {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, 0)
                        .with(ServerSettings.RESP, 0)
                        .with(ServerSettings.DURABILITY, Durability.ASYNC);
        try (NodeDbServer server = NodeDbServer.start(settings);
                RespConnection client =
                        RespConnection.open(Endpoint.local(server.respAddress().getPort()))) {
            assertDurability(client, "async", "everysec");
            assertThat(syncsOfWrites(server, client)).isLessThan(WRITES / 2);
            assertThat(client.call("CONFIG", "SET", "durability", "sync")).hasToString("+OK");
            assertDurability(client, "sync", "always");
            assertThat(syncsOfWrites(server, client)).isGreaterThanOrEqualTo(WRITES);
            assertThat(client.call("CONFIG", "SET", "appendfsync", "everysec")).hasToString("+OK");
            assertDurability(client, "async", "everysec");
            assertThat(syncsOfWrites(server, client)).isLessThan(WRITES / 2);
            assertThat(client.call("CONFIG", "SET", "durability", "always").toString())
                    .endsWith("argument(s) must be one of the following: sync, async");
            assertDurability(client, "async", "everysec");
        }
    }
}
