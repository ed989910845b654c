package io.nodedb.server.lane;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.nodedb.base.ownership.Immutable;

/**
 * How sockets are driven: epoll on Linux, else Java's selectors. io_uring has not been tried for
 * the lanes yet.
 */
@Immutable
public enum Transport {
    EPOLL,
    NIO;

    /** The best that this process may use. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** For the log. */
    public String label() {
        return switch (this) {
            case EPOLL -> "epoll";
            case NIO -> "nio";
        };
    }
}
