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
     * Takes no more connections; what is under way goes on. The database is closed afterwards, and
     * answers what it has begun. Nothing happens when nothing is bound.
     */
    void drain();

    /**
     * After the database is closed: hands out the last answers and closes every connection. Nothing
     * happens when it is closed.
     */
    @Override
    void close();
}
