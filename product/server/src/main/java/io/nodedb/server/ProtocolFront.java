package io.nodedb.server;

import java.net.InetSocketAddress;

/**
 * One protocol of the server: listens at one address. Opened, bound and closed by the server's own
 * thread.
 */
public interface ProtocolFront extends AutoCloseable {
    /**
     * Listens. Port 0 takes any free one.
     *
     * @return where it listens
     * @throws io.nodedb.base.errors.NodeDbException when the address can't be used
     */
    InetSocketAddress bind(InetSocketAddress address);

    /**
     * Takes no more connections or requests, answers what is under way, and closes the rest. The
     * database still answers; it is closed afterwards. Nothing happens when it is closed.
     */
    @Override
    void close();
}
