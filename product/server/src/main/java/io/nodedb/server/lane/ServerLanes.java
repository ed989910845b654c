package io.nodedb.server.lane;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.nodedb.assembly.Front;
import io.nodedb.assembly.FrontLanes;
import io.nodedb.assembly.Kernel;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.data.core.CoreCompanion;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.CommandCall;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All lanes of one server.
 *
 * <pre>
 *   separate    lane-0 .. lane-n   data-core-0 .. data-core-m     a hop each way
 *   combined    data-core-0 with lane 0, data-core-1 with lane 1  own partitions without a hop
 * </pre>
 */
@Shared("made and ended by the server's thread")
public final class ServerLanes implements Front {
    private static final int BACKLOG = 1024;
    private static final long END_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final List<LaneLoop> loops = new ArrayList<>();
    private final List<LaneThread> threads = new ArrayList<>();
    private final Transport transport;
    private final boolean combined;

    /**
     * @param count lanes; in the combined placement one for each core
     */
    public ServerLanes(int count, boolean combined, Transport transport, TimeSource time) {
        this.transport = transport;
        this.combined = combined;
        for (int i = 0; i < count; i++) {
            loops.add(new LaneLoop(i, transport, time));
        }
    }

    public List<LaneLoop> loops() {
        return loops;
    }

    public boolean combined() {
        return combined;
    }

    public Transport transport() {
        return transport;
    }

    @Override
    public FrontLanes lanes() {
        List<Wakeup> wakeups = new ArrayList<>();
        List<@Nullable Integer> drivers = new ArrayList<>();
        for (LaneLoop loop : loops) {
            wakeups.add(loop.wakeup());
            if (combined) {
                drivers.add(loop.number());
            }
        }
        return new FrontLanes(wakeups, ServerLanes::payload, drivers);
    }

    private static Call payload() {
        return new CommandCall();
    }

    @Override
    public void attach(Kernel kernel) {
        for (LaneLoop loop : loops) {
            loop.attach(kernel.frontLanes().get(loop.number()));
        }
    }

    @Override
    public @Nullable CoreCompanion companion(int core) {
        return combined && core < loops.size() ? loops.get(core) : null;
    }

    /** Starts the threads of lanes that no core drives; each serves somebody by now. */
    public void start() {
        if (!combined) {
            for (LaneLoop loop : loops) {
                LaneThread thread = new LaneThread(loop);
                threads.add(thread);
                thread.start();
            }
        }
    }

    /** Binds a port whose connections go to all lanes in turn. */
    public Channel bind(InetSocketAddress address, ChannelInitializer<Channel> connections) {
        EventLoopGroup group = group();
        return new ServerBootstrap()
                .group(loops.getFirst().sockets(), group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(connections)
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    private EventLoopGroup group() {
        return new LaneGroup(loops.stream().map(LaneLoop::sockets).toList());
    }

    /** Ends lanes that have threads of their own, and waits; cores end the others. */
    public void end() throws InterruptedException {
        threads.forEach(LaneThread::stop);
        if (!combined) {
            for (LaneLoop loop : loops) {
                loop.awaitEnd(END_MILLIS);
            }
        }
    }
}
