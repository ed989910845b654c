/**
 * The database as a server: one process, one directory, one port per wire protocol.
 *
 * <p>Thread rule: sockets belong to Netty's event loops; nothing here touches a partition.
 *
 * <p>To add a protocol: a package of its own and a {@link io.nodedb.server.ProtocolFront} that
 * {@link io.nodedb.server.NodeDbServer} binds.
 */
@NullMarked
package io.nodedb.server;

import org.jspecify.annotations.NullMarked;
