/**
 * The Redis protocol, RESP2 and RESP3. {@link io.nodedb.server.resp.RespFront} binds the port; each
 * lane has a {@link io.nodedb.server.resp.RespLane}, each client a {@link
 * io.nodedb.server.resp.RespConnection} on one lane.
 *
 * <pre>
 *   bytes ─► CommandParser ─► CommandTable ─┬─► ConnectionCommand, here and now
 *                                           └─► CommandCall ─► the key's core
 *   bytes ◄─ ReplyEncoder ◄─ PendingReply, in the order of the commands ◄──┘
 * </pre>
 *
 * <p>To add a command that needs no keys: a {@link io.nodedb.server.resp.ConnectionCommand}, named
 * in one of the families that {@link io.nodedb.server.resp.CommandTable} collects. Commands on keys
 * are the engine's ({@link io.nodedb.plan.kv.command.Command}).
 *
 * <p>Thread rule: everything of a connection belongs to its lane's thread; what all connections
 * share is in {@link io.nodedb.server.resp.RespServer} and says how.
 */
@NullMarked
package io.nodedb.server.resp;

import org.jspecify.annotations.NullMarked;
