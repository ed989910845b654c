package io.nodedb.server;

import io.nodedb.Durability;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.assembly.FrontLanes;
import io.nodedb.assembly.Kernel;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.data.core.CoreCompanion;
import io.nodedb.server.lane.ServerLanes;
import io.nodedb.server.lane.Transport;
import io.nodedb.server.resp.RespFront;
import io.nodedb.server.resp.RespLimits;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The Redis protocol on lanes of its own, as the settings want both. */
@Shared("opened and closed by the server's thread")
final class RedisFront implements LaneFront {
    private final Settings settings;
    private final TimeSource time = SystemTimeSource.INSTANCE;
    private final ServerLanes lanes;
    private @Nullable RespFront clients;
    private boolean started;

    RedisFront(Settings settings) {
        this.settings = settings;
        int cores = EmbeddedDatabase.cores(settings);
        int processors = Runtime.getRuntime().availableProcessors();
        boolean combined = isCombined(settings.get(ServerSettings.PLACEMENT), processors, cores);
        int wanted = settings.get(RuntimeSettings.EVENT_LOOPS);
        int loops = wanted > 0 ? wanted : Math.max(1, processors - cores);
        Transport transport = settings.get(ServerSettings.TRANSPORT).available();
        lanes = new ServerLanes(combined ? cores : loops, combined, transport, time);
    }

    /** Do the data cores drive their own sockets? */
    static boolean isCombined(Placement placement, int processors, int cores) {
        return switch (placement) {
            case COMBINED -> true;
            case SEPARATE -> false;
            // With at most one processor beside the cores, a hop costs more than it spreads:
            // measured, see docs/benchmarks.md.
            case AUTO -> processors - cores <= 1;
        };
    }

    @Override
    public FrontLanes lanes() {
        return lanes.lanes();
    }

    @Override
    public void attach(Kernel kernel) {
        lanes.attach(kernel);
    }

    @Override
    public @Nullable CoreCompanion companion(int core) {
        return lanes.companion(core);
    }

    @Override
    public void opened(EmbeddedDatabase database) {
        int maxBulk = Math.toIntExact(settings.get(ServerSettings.RESP_MAX_BULK));
        RespLimits limits =
                new RespLimits(
                        maxBulk,
                        settings.get(ServerSettings.RESP_MAX_ARGUMENTS),
                        Math.toIntExact(settings.get(ServerSettings.RESP_MAX_INLINE)),
                        Math.max(maxBulk, RespLimits.DEFAULTS.maxCommandBytes()),
                        RespLimits.DEFAULTS.maxPending());
        clients =
                new RespFront(
                        lanes,
                        database.control(),
                        time,
                        limits,
                        settings.get(ServerSettings.PASSWORD),
                        database.kernel().environment().governor(),
                        settings.get(ServerSettings.MAX_CONNECTIONS),
                        settings.get(ServerSettings.OUTPUT_BUFFER_LIMIT),
                        settings.get(ServerSettings.DURABILITY) == Durability.SYNC);
        clients.register(database.metrics());
        clients.setIdleTimeout(settings.millis(ServerSettings.IDLE_TIMEOUT));
        clients.setRequestTimeout(settings.nanos(RuntimeSettings.REQUEST_DEADLINE));
        clients.setSlowLog(
                settings.get(ServerSettings.SLOWLOG_THRESHOLD).toNanos() / 1_000,
                settings.get(ServerSettings.SLOWLOG_LENGTH));
        lanes.start();
        started = true;
    }

    @Override
    @SuppressWarnings("CatchThrowable") // Netty throws what it met, unchecked or not
    public InetSocketAddress bind(InetSocketAddress address) {
        RespFront opened = clients;
        if (opened == null) {
            throw new IllegalStateException("the database is not open yet");
        }
        try {
            return opened.start(address);
        } catch (Throwable failure) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Redis clients can't be served at this address; set another port with --resp:"
                            + " address="
                            + address
                            + " cause="
                            + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void drain() {
        RespFront opened = clients;
        if (opened != null) {
            opened.stopAccepting();
        }
    }

    @Override
    public void close() {
        if (!started) {
            return;
        }
        started = false;
        try {
            lanes.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RespFront opened = clients;
        if (opened != null) {
            opened.close();
        }
    }
}
