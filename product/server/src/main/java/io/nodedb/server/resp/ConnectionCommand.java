package io.nodedb.server.resp;

/**
 * A command that a connection answers itself: on its lane's thread, without waiting. It replies
 * exactly once through the connection, now or later.
 */
@FunctionalInterface
interface ConnectionCommand {
    void run(RespConnection connection, CommandInput input);
}
