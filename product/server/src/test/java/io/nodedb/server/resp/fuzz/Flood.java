package io.nodedb.server.resp.fuzz;

import io.nodedb.server.resp.probe.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A client that sends a great many commands and reads nothing, until it has sent all or the server
 * takes no more. Then it goes away, or reads on: whichever the server did, hold back or keep the
 * replies, none may be missing. One thread.
 */
final class Flood implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    /** A server that takes nothing for so long holds back; if it is only slow, no harm is done. */
    private static final int HELD_BACK_MILLIS = 100;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    Flood(Endpoint endpoint) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(endpoint.host(), endpoint.port()));
        channel.configureBlocking(false);
        selector = Selector.open();
        key = channel.register(selector, SelectionKey.OP_WRITE);
    }

    /** Sends until all is sent or the server takes no more; true when all is sent. */
    boolean sendUnread(ByteBuffer commands) throws IOException {
        key.interestOps(SelectionKey.OP_WRITE);
        while (commands.hasRemaining() && selector.select(HELD_BACK_MILLIS) > 0) {
            selector.selectedKeys().clear();
            int ignored = channel.write(commands);
        }
        return !commands.hasRemaining();
    }

    /** Sends the rest and reads {@code count} replies, each of which must be {@code reply}. */
    void sendRestAndRead(ByteBuffer commands, byte[] reply, int count) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(1 << 16);
        long left = (long) count * reply.length;
        int at = 0;
        while (left > 0) {
            boolean more = commands.hasRemaining();
            key.interestOps(SelectionKey.OP_READ | (more ? SelectionKey.OP_WRITE : 0));
            if (selector.select(PATIENCE_MILLIS) == 0) {
                throw new AssertionError("no reply, bytes left=" + left);
            }
            selector.selectedKeys().clear();
            if (more) {
                int ignored = channel.write(commands);
            }
            if (channel.read(read.clear()) < 0) {
                throw new AssertionError("connection ended, bytes left=" + left);
            }
            for (read.flip(); read.hasRemaining(); left--) {
                if (read.get() != reply[at]) {
                    throw new AssertionError("wrong byte in a reply, bytes left=" + left);
                }
                at = at + 1 == reply.length ? 0 : at + 1;
            }
        }
    }

    /** Goes away with a reset. */
    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
