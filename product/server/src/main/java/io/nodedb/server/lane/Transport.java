package io.nodedb.server.lane;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.nodedb.base.ownership.Immutable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * How sockets are driven. Each but {@link #NIO} needs a Linux that has it and a container that
 * allows it; where it is missing, the next one of the list serves and the log says why.
 */
@Immutable
public enum Transport {
    /** Epoll, else selectors: io_uring was not faster, see {@code docs/benchmarks.md}. */
    AUTO,
    IO_URING,
    EPOLL,
    /** Java's selectors, on every system. */
    NIO;

    private static final Logger LOG = System.getLogger(Transport.class.getName());

    /** This transport, or what serves in its place. Never {@link #AUTO}. */
    public Transport available() {
        return switch (this) {
            case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
            case IO_URING -> or(IoUring.isAvailable(), IoUring.unavailabilityCause(), AUTO);
            case EPOLL -> or(Epoll.isAvailable(), Epoll.unavailabilityCause(), NIO);
            case NIO -> NIO;
        };
    }

    private Transport or(boolean available, Throwable cause, Transport next) {
        if (available) {
            return this;
        }
        Transport serves = next.available();
        LOG.log(
                Level.WARNING,
                "transport "
                        + label()
                        + " is not available and "
                        + serves.label()
                        + " serves instead: "
                        + cause);
        return serves;
    }

    IoHandlerFactory handlers() {
        return switch (available()) {
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO, AUTO -> NioIoHandler.newFactory();
        };
    }

    /** A channel's buffer is in use only while something is read into it and handled. */
    boolean readsWhenTold() {
        return available() != IO_URING;
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (available()) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO, AUTO -> NioServerSocketChannel.class;
        };
    }

    /** For the log and messages. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
