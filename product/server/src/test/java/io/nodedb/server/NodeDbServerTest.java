package io.nodedb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.assembly.FrontLanes;
import io.nodedb.assembly.Kernel;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.data.core.CoreCompanion;
import io.nodedb.server.http.HttpFront;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDbServerTest {
    @TempDir private Path folder;

    private Settings settings() {
        return Settings.defaults()
                .with(ServerSettings.DATA, folder.toString())
                .with(ServerSettings.HTTP, 0)
                .with(ServerSettings.RESP, SettingUnit.PORT_OFF);
    }

    /** Status and body, with a blank between. */
    private static String get(InetSocketAddress address, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readinessComesAfterRecoveryAndGoesWithDraining() {
        ServerState state = new ServerState();
        Settings settings = settings();
        try (HttpFront http = new HttpFront(settings, state)) {
            InetSocketAddress address =
                    http.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(get(address, "/health/ready"))
                    .isEqualTo("503 {\"ready\":false,\"status\":\"starting\"}");
            assertThat(get(address, "/health"))
                    .isEqualTo(
                            "503 {\"status\":\"starting\",\"problems\":[\"the database is"
                                    + " recovering\"]}");
            assertThat(get(address, "/metrics")).startsWith("200 ").contains("\nnodedb_ready 0.0");
            try (EmbeddedDatabase database = EmbeddedDatabase.open(folder, settings)) {
                state.ready(database);
                assertThat(get(address, "/health/ready"))
                        .isEqualTo("200 {\"ready\":true,\"status\":\"serving\"}");
                state.draining();
                assertThat(get(address, "/health/ready"))
                        .isEqualTo("503 {\"ready\":false,\"status\":\"draining\"}");
            }
        }
    }

    @Test
    void metricsCoverEveryPartOfTheDatabase() {
        try (NodeDbServer server = NodeDbServer.start(settings())) {
            String page = get(server.httpAddress(), "/metrics");
            assertThat(page)
                    .contains(
                            "\nnodedb_ready 1.0",
                            "\nnodedb_memory_bytes{tag=\"kv_data\"} ",
                            "\nnodedb_memory_limit_bytes ",
                            "\nnodedb_wal_groups_total ",
                            "\nnodedb_wal_records_total ",
                            "\nnodedb_wal_written_bytes_total ",
                            "\nnodedb_wal_stalls_total ",
                            "\nnodedb_wal_sync_seconds_bucket{le=\"0.001\"} ",
                            "\nnodedb_wal_failed 0.0",
                            "\nnodedb_core_tasks_total{core=\"0\"} ",
                            "\nnodedb_core_queued{core=\"0\"} ",
                            "\nnodedb_core_wal_ring_bytes{core=\"0\"} ",
                            "\nnodedb_core_degraded{core=\"0\"} 0.0",
                            "\nnodedb_watchdog_failures{core=\"0\"} 0.0",
                            "\nnodedb_core_poison_refusals_total{core=\"0\"} 0.0",
                            "\nnodedb_core_checkpoints_total{core=\"0\"} ",
                            "\nnodedb_core_compactions_total{core=\"0\"} 0.0",
                            "\nnodedb_engine_memory_bytes{core=\"0\",engine=\"kv\"} ",
                            "\nnodedb_engine_keys{core=\"0\",engine=\"kv\"} ",
                            "\nnodedb_lane_outstanding{core=\"0\",lane=\"0\"} ",
                            "\nnodedb_lane_request_ring{core=\"0\",lane=\"0\"} ",
                            "\nnodedb_lane_stopped{core=\"0\",lane=\"0\"} 0.0",
                            "\nnodedb_event_ring_used{core=\"0\"} ",
                            "\nnodedb_event_gaps_total ",
                            "\nnodedb_snapshots_open ",
                            "\nnodedb_quarantined_files ",
                            "\njvm_memory_used_bytes{area=\"heap\"} ");
            // A new database has written its catalog.
            assertThat(page).doesNotContain("\nnodedb_wal_records_total 0.0");
        }
    }

    @Test
    void directoryIsFreeOnceTheServerIsClosedAndHeldBefore() throws InterruptedException {
        Settings settings = settings();
        NodeDbServer server = NodeDbServer.start(settings);
        assertThatThrownBy(() -> NodeDbServer.start(settings))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_OPEN))
                .hasMessageContaining("pid=" + ProcessHandle.current().pid());
        server.close();
        server.awaitClosed();
        server.close();
        NodeDbServer.start(settings).close();
    }

    @Test
    void takenPortIsRefusedAndTheDirectoryIsFreeAgain() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings = settings().with(ServerSettings.HTTP, taken.getLocalPort());
            assertThatThrownBy(() -> NodeDbServer.start(settings))
                    .hasMessageContaining("--http")
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
            Settings resp =
                    settings()
                            .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                            .with(ServerSettings.RESP, taken.getLocalPort());
            assertThatThrownBy(() -> NodeDbServer.start(resp)).hasMessageContaining("--resp");
        }
        NodeDbServer.start(settings()).close();
    }

    @Test
    void frontIsBoundAfterRecoveryAndDrainedBeforeTheDatabaseIsClosed() {
        RecordingFront front = new RecordingFront();
        Settings settings = settings().with(ServerSettings.RESP, 0);
        NodeDbServer server = NodeDbServer.start(settings, ignored -> front);
        front.whenDrained =
                () -> front.calls.add(get(server.httpAddress(), "/health/ready").substring(0, 3));
        assertThat(server.respAddress().getPort()).isEqualTo(17);
        server.close();
        assertThat(front.calls)
                .containsExactly(
                        "attach",
                        "opened SERVING",
                        "bind 0",
                        "503",
                        "drain SERVING",
                        "close CLOSED");
    }

    /** Notes what is asked of it, and how the database is then. */
    private static final class RecordingFront implements LaneFront {
        private final List<String> calls = new ArrayList<>();
        private Runnable whenDrained = () -> {};
        private @Nullable EmbeddedDatabase database;

        @Override
        public FrontLanes lanes() {
            return FrontLanes.NONE;
        }

        @Override
        public void attach(Kernel kernel) {
            calls.add("attach");
        }

        @Override
        public @Nullable CoreCompanion companion(int core) {
            return null;
        }

        @Override
        public void opened(EmbeddedDatabase opened) {
            database = opened;
            note("opened");
        }

        @Override
        public InetSocketAddress bind(InetSocketAddress address) {
            calls.add("bind " + address.getPort());
            return InetSocketAddress.createUnresolved("nowhere", 17);
        }

        @Override
        public void drain() {
            whenDrained.run();
            note("drain");
        }

        @Override
        public void close() {
            note("close");
        }

        private void note(String call) {
            calls.add(call + " " + database.health().status());
        }
    }
}
