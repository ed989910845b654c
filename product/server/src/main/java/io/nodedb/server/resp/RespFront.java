package io.nodedb.server.resp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.timeout.IdleStateHandler;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.ControlPlane;
import io.nodedb.server.lane.LaneLoop;
import io.nodedb.server.lane.ServerLanes;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The RESP port of a server. {@link #start} after the database has opened: from then on lanes serve
 * clients; {@link #stopAccepting} before the database is drained.
 */
@Shared("started and stopped by the server's thread")
public final class RespFront {
    /** How long a client that reads nothing keeps the end waiting. */
    private static final long PATIENCE_SECONDS = 3;

    /** When there is a password, who has not told it by then is disconnected. */
    private static final long LOGIN_SECONDS = 60;

    private final ServerLanes lanes;
    private final RespServer server;
    private final int maxConnections;
    private final Map<Object, RespLane> byLoop = new HashMap<>();
    private @Nullable Channel listening;

    /**
     * @param password empty for none
     * @param sync whether a write is answered only when it survives power loss
     */
    public RespFront(
            ServerLanes lanes,
            ControlPlane control,
            TimeSource time,
            RespLimits limits,
            String password,
            MemoryGovernor memory,
            int maxConnections,
            long outputLimitBytes,
            boolean sync) {
        this.lanes = lanes;
        this.maxConnections = maxConnections;
        this.server =
                new RespServer(
                        control,
                        time,
                        limits,
                        new Passwords(password),
                        memory,
                        maxConnections,
                        outputLimitBytes,
                        sync);
        for (LaneLoop loop : lanes.loops()) {
            RespLane lane = new RespLane(server, loop);
            byLoop.put(loop.sockets(), lane);
            server.lanes().add(lane);
            loop.serve(lane);
        }
    }

    /** Tells how long commands take. Once. */
    public void register(MetricRegistry registry) {
        for (LaneLoop loop : lanes.loops()) {
            RespLane lane = byLoop.get(loop.sockets());
            if (lane != null) {
                lane.latencies().register(registry, loop.number());
            }
        }
    }

    /** What all connections share. */
    RespServer server() {
        return server;
    }

    /** Binds the port. */
    public InetSocketAddress start(InetSocketAddress address) {
        Channel bound = lanes.bind(address, new Connections());
        listening = bound;
        return (InetSocketAddress) bound.localAddress();
    }

    /**
     * Clients that say nothing for so long, and listen to no channel, are disconnected; 0 for
     * never. Before {@link #start}.
     */
    public void setIdleTimeout(long millis) {
        server.setIdleMillis(millis);
    }

    /** How long a command may take. */
    public void setRequestTimeout(long nanos) {
        server.setRequestTimeoutNanos(nanos);
    }

    /** What is slow, and how much of it is kept. */
    public void setSlowLog(long thresholdMicros, int length) {
        server.slowLog().setThresholdMicros(thresholdMicros);
        server.slowLog().setCapacity(Math.min(length, SlowLog.MOST));
    }

    /**
     * New clients are refused from now on, and who does not read its replies is disconnected after
     * a moment: else the end would wait for it.
     */
    public void stopAccepting() {
        Channel bound = listening;
        if (bound != null) {
            bound.close().syncUninterruptibly();
        }
        for (LaneLoop loop : lanes.loops()) {
            Future<?> ignored =
                    loop.sockets()
                            .scheduleWithFixedDelay(
                                    () -> closeUnread(loop),
                                    PATIENCE_SECONDS,
                                    PATIENCE_SECONDS,
                                    TimeUnit.SECONDS);
        }
    }

    private void closeUnread(LaneLoop loop) {
        for (RespConnection connection : server.clients().all()) {
            if (connection.lane().loop() == loop && !connection.isWritable()) {
                connection.close();
            }
        }
    }

    /** Frees what is kept between commands; after the lanes have ended. */
    public void close() {
        server.scratches().close();
    }

    /** Gives every client a connection object. */
    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            RespLane lane = byLoop.get(channel.eventLoop());
            if (lane == null) {
                throw new IllegalStateException("the channel is on no lane");
            }
            if (!server.clients().admit(maxConnections)) {
                channel.writeAndFlush(channel.alloc().buffer().writeBytes(TOO_MANY))
                        .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
                return;
            }
            ClientState state =
                    new ClientState(
                            server.clients().nextId(),
                            server.time().epochMillis(),
                            channel.remoteAddress(),
                            channel.localAddress(),
                            !server.passwords().required());
            server.selectFirst(state);
            lane.loop().readInto(channel);
            long idleMillis = server.idleMillis();
            if (server.passwords().required()) {
                Future<?> ignored =
                        channel.eventLoop()
                                .schedule(
                                        () -> closeStranger(channel, state),
                                        LOGIN_SECONDS,
                                        TimeUnit.SECONDS);
            }
            if (idleMillis > 0) {
                channel.pipeline()
                        .addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
            }
            channel.pipeline().addLast(new RespConnection(lane, state));
        }
    }

    private static void closeStranger(Channel channel, ClientState state) {
        if (!state.isAuthenticated()) {
            ChannelFuture ignored = channel.close();
        }
    }

    private static final byte[] TOO_MANY =
            "-ERR max number of clients reached\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
}
