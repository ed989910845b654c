package io.nodedb.server;

import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.assembly.Front;
import io.nodedb.base.ownership.Shared;
import io.nodedb.base.settings.Setting;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.data.recovery.RecoveryProgress;
import io.nodedb.server.http.HttpFront;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running server: one database and the protocols that lead to it.
 *
 * <p>Starting: lock the directory, listen for HTTP (so that {@code /health/ready} can say no),
 * recover, listen for everything else. Stopping is the reverse: {@code /health/ready} says no, the
 * protocols drain, the database finishes what runs, takes a checkpoint and is released, and HTTP
 * goes last.
 *
 * <p>Callable from every thread. Starting fails with a {@link
 * io.nodedb.base.errors.NodeDbException} and leaves nothing behind: {@code ALREADY_OPEN} names the
 * process that holds the directory.
 */
@Shared("started by one thread; closed once, under its monitor")
public final class NodeDbServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(NodeDbServer.class.getName());

    private final Settings settings;
    private final Path data;
    private final ServerState state = new ServerState();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable HttpFront http;
    private @Nullable LaneFront resp;
    private @Nullable EmbeddedDatabase database;
    private @Nullable InetSocketAddress httpAddress;
    private @Nullable InetSocketAddress respAddress;
    private boolean ended;

    private NodeDbServer(Settings settings) {
        this.settings = settings;
        this.data = Path.of(settings.get(ServerSettings.DATA));
    }

    /** Starts a server and returns when it answers. */
    public static NodeDbServer start(Settings settings) {
        return start(settings, RedisFront::new);
    }

    /** As {@link #start(Settings)}, with what speaks to Redis clients when {@code resp} is on. */
    static NodeDbServer start(Settings settings, Function<Settings, LaneFront> respFactory) {
        ServerSettings.checkConsistent(settings);
        NodeDbServer server = new NodeDbServer(settings);
        try {
            server.open(respFactory);
            return server;
        } catch (RuntimeException | Error failure) {
            server.close();
            throw failure;
        }
    }

    private synchronized void open(Function<Settings, LaneFront> respFactory) {
        LaneFront front = isOn(ServerSettings.RESP) ? respFactory.apply(settings) : null;
        resp = front;
        RecoveryProgress progress = new RecoveryProgress();
        EmbeddedDatabase opened;
        try (RecoveryNotices _ = new RecoveryNotices(progress)) {
            opened =
                    EmbeddedDatabase.open(
                            data,
                            settings,
                            front == null ? Front.NONE : front,
                            progress,
                            this::listenForHttp);
        }
        database = opened;
        if (front != null) {
            front.opened(opened);
            respAddress = front.bind(address(ServerSettings.RESP));
        }
        state.ready(opened);
    }

    private void listenForHttp() {
        if (isOn(ServerSettings.HTTP)) {
            HttpFront front = new HttpFront(settings, state);
            http = front;
            httpAddress = front.bind(address(ServerSettings.HTTP));
        }
    }

    private boolean isOn(Setting<Integer> port) {
        return settings.get(port) != SettingUnit.PORT_OFF;
    }

    private InetSocketAddress address(Setting<Integer> port) {
        return new InetSocketAddress(ServerSettings.address(settings), settings.get(port));
    }

    /** Where HTTP is served; null when it is not. */
    public synchronized @Nullable InetSocketAddress httpAddress() {
        return httpAddress;
    }

    /** Where Redis clients are served; null when they are not. */
    public synchronized @Nullable InetSocketAddress respAddress() {
        return respAddress;
    }

    /** The database's directory. */
    public Path data() {
        return data;
    }

    /** Waits until the server has been closed. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /**
     * Refuses new work, finishes what runs, takes a checkpoint, releases the directory and the
     * ports. Nothing happens when it is closed; a second caller waits for the first.
     */
    @Override
    public synchronized void close() {
        if (ended) {
            return;
        }
        ended = true;
        state.draining();
        LaneFront front = resp;
        if (front != null) {
            closeQuietly(front::drain);
        }
        closeQuietly(database);
        closeQuietly(front);
        closeQuietly(http);
        closed.countDown();
    }

    /** What fails to close must not keep the rest from it. */
    private static void closeQuietly(@Nullable AutoCloseable part) {
        if (part == null) {
            return;
        }
        try {
            part.close();
        } catch (Exception failure) {
            LOG.log(Level.ERROR, "a part of the server failed to close", failure);
        }
    }
}
