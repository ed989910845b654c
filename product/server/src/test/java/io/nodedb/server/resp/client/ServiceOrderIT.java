package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.Placement;
import io.nodedb.server.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that always want something are served in turn. Each counts one counter on, whose replies
 * number all services; nobody asks again before it was answered. One lane serves them all, because
 * between threads the operating system decides.
 */
@Timeout(300)
class ServiceOrderIT {
    private static final int CLIENTS = 500;
    private static final int ROUNDS = 40;

    /**
     * While one waits, another may be served once that nobody has seen yet, once more in the turn
     * that serves both, and once between the two when its next request came while that turn began.
     */
    private static final int MOST_SERVICES_WHILE_ONE_WAITS = 3;

    private static final ByteBuffer PING =
            ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.US_ASCII));

    private static final ByteBuffer ASK =
            ByteBuffer.wrap("INCR turns\r\n".getBytes(StandardCharsets.US_ASCII));

    @TempDir private Path folder;

    private final int[] served = new int[CLIENTS * ROUNDS + 1];
    private final List<Wait> waits = new ArrayList<>();
    private int seen;

    /** A request that was sent when {@code from} services were known, and was the {@code to}th. */
    private record Wait(int client, int from, int to) {}

    private static final class Asking {
        final int number;
        final ByteBuffer reply = ByteBuffer.allocate(32);
        int rounds;
        int askedAfter;

        Asking(int number) {
            this.number = number;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COMBINED", "SEPARATE"})
    void nobodyIsServedAgainAndAgainWhileAnotherWaits(Placement placement) throws IOException {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                        .with(ServerSettings.RESP, 0)
                        .with(ServerSettings.PLACEMENT, placement)
                        .with(RuntimeSettings.DATA_CORES, 1)
                        .with(RuntimeSettings.EVENT_LOOPS, 1);
        try (NodeDbServer server = NodeDbServer.start(settings);
                Selector selector = Selector.open()) {
            List<SocketChannel> clients = new ArrayList<>();
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(connect(server.respAddress(), selector, i));
                }
                serveAll(selector);
            } finally {
                for (SocketChannel client : clients) {
                    client.close();
                }
            }
        }
        assertThat(waits).hasSize(CLIENTS * ROUNDS);
        assertThat(mostServicesWhileOneWaits()).isLessThanOrEqualTo(MOST_SERVICES_WHILE_ONE_WAITS);
    }

    private static SocketChannel connect(InetSocketAddress address, Selector selector, int number)
            throws IOException {
        SocketChannel client = SocketChannel.open(address);
        // Connections are accepted some at a time: only who has had a reply is surely known.
        assertThat(client.write(PING.duplicate())).isEqualTo(PING.remaining());
        ByteBuffer pong = ByteBuffer.allocate("+PONG\r\n".length());
        while (pong.hasRemaining()) {
            assertThat(client.read(pong)).isPositive();
        }
        client.configureBlocking(false);
        SelectionKey ignored = client.register(selector, SelectionKey.OP_READ, new Asking(number));
        return client;
    }

    /** All ask at once; from then on each asks again as soon as it has its reply. */
    private void serveAll(Selector selector) throws IOException {
        for (SelectionKey key : selector.keys()) {
            ask(key);
        }
        while (waits.size() < CLIENTS * ROUNDS) {
            int ignored = selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                takeReply(key);
            }
            selector.selectedKeys().clear();
        }
    }

    private void ask(SelectionKey key) throws IOException {
        Asking client = (Asking) key.attachment();
        client.askedAfter = seen;
        client.rounds++;
        // So little always fits into an empty socket.
        assertThat(((SocketChannel) key.channel()).write(ASK.duplicate()))
                .isEqualTo(ASK.remaining());
    }

    private void takeReply(SelectionKey key) throws IOException {
        Asking client = (Asking) key.attachment();
        assertThat(((SocketChannel) key.channel()).read(client.reply)).isPositive();
        int length = client.reply.position();
        if (client.reply.get(length - 1) != '\n') {
            return;
        }
        String reply = new String(client.reply.array(), 0, length, StandardCharsets.US_ASCII);
        client.reply.clear();
        assertThat(reply).startsWith(":");
        int turn = Integer.parseInt(reply.substring(1).strip());
        assertThat(served[turn]).as("turn %s is had once", turn).isZero();
        served[turn] = client.number + 1;
        waits.add(new Wait(client.number, client.askedAfter, turn));
        seen = Math.max(seen, turn);
        if (client.rounds < ROUNDS) {
            ask(key);
        }
    }

    private int mostServicesWhileOneWaits() {
        int most = 0;
        int[] services = new int[CLIENTS + 1];
        for (Wait wait : waits) {
            for (int turn = wait.from + 1; turn < wait.to; turn++) {
                most = Math.max(most, ++services[served[turn]]);
            }
            for (int turn = wait.from + 1; turn < wait.to; turn++) {
                services[served[turn]] = 0;
            }
        }
        return most;
    }
}
