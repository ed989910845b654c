package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.Placement;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatencyMetricsTest {
    private static final Pattern COUNT =
            Pattern.compile(
                    "nodedb_resp_command_seconds_count\\{family=\"(\\w+)\",lane=\"\\d+\"} (\\d+)");

    @TempDir private Path folder;

    /** Over all lanes: how many commands of each family were measured. */
    private static Map<String, Long> counts(NodeDbServer server)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            String page =
                    client.send(
                                    HttpRequest.newBuilder(address).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            assertThat(page)
                    .contains(
                            "nodedb_resp_command_seconds_bucket{family=\"hash\",lane=\"0\",le=\"");
            Map<String, Long> counts = new TreeMap<>();
            for (MatchResult match : COUNT.matcher(page).results().toList()) {
                long before = counts.getOrDefault(match.group(1), 0L);
                counts.put(match.group(1), before + Long.parseLong(match.group(2)));
            }
            return counts;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void everyAnsweredCommandCountsOnceInItsFamily(Placement placement) throws Exception {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, 0)
                        .with(ServerSettings.RESP, 0)
                        .with(ServerSettings.PLACEMENT, placement)
                        .with(RuntimeSettings.DATA_CORES, 2)
                        .with(RuntimeSettings.EVENT_LOOPS, 2);
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            Endpoint endpoint = Endpoint.local(server.respAddress().getPort());
            try (RespConnection one = RespConnection.open(endpoint);
                    RespConnection other = RespConnection.open(endpoint)) {
                one.call("SET", "s", "v");
                other.call("GET", "s");
                one.call("MSET", "a", "1", "b", "2", "c", "3", "d", "4");
                one.call("SETBIT", "bits", "7", "1");
                one.call("HSET", "h", "f", "v");
                other.call("HSET", "s", "wrong", "type");
                one.call("SADD", "e", "m");
                one.call("LPUSH", "l", "i");
                one.call("LPOP", "l");
                one.call("LPOP", "l");
                other.call("ZADD", "z", "1", "m");
                one.call("DEL", "a", "b", "c", "d");
                one.call("MULTI");
                one.call("SET", "s", "w");
                one.call("SET", "t", "w");
                one.call("EXEC");
                one.call("PING");
            }
            assertThat(counts(server))
                    .isEqualTo(
                            Map.of(
                                    "string",
                                    3L,
                                    "bit",
                                    1L,
                                    "hash",
                                    2L,
                                    "set",
                                    1L,
                                    "list",
                                    3L,
                                    "zset",
                                    1L,
                                    "key",
                                    1L,
                                    "transaction",
                                    1L));
        }
    }
}
