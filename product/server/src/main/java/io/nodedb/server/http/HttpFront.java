package io.nodedb.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.ProtocolFront;
import io.nodedb.server.ServerState;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Serves HTTP on one event loop of its own, portable and independent of what drives the other
 * protocols: its pages are small and rare.
 */
@Shared("bound and closed by one thread; everything else on its event loop")
public final class HttpFront implements ProtocolFront {
    /** How long closing waits for the loop's last work. */
    private static final long CLOSE_LIMIT_SECONDS = 5;

    private final Settings settings;
    private final ServerState state;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
    private final ChannelGroup open = new DefaultChannelGroup(loop.next());

    public HttpFront(Settings settings, ServerState state) {
        this.settings = settings;
        this.state = state;
    }

    @Override
    public InetSocketAddress bind(InetSocketAddress address) {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(new HttpConnections(settings, state, open))
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "HTTP can't be served at this address; set another port with --http: address="
                            + address
                            + " cause="
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        Channel listening = bound.channel();
        return (InetSocketAddress) listening.localAddress();
    }

    /** Nothing: that the server ends is something to be told. */
    @Override
    public void drain() {}

    @Override
    public void close() {
        // Closing the loop closes its channels, the listening one too.
        boolean ended =
                loop.shutdownGracefully(0, CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)
                        .awaitUninterruptibly(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            System.getLogger(HttpFront.class.getName())
                    .log(System.Logger.Level.WARNING, "the HTTP event loop did not end in time");
        }
    }
}
