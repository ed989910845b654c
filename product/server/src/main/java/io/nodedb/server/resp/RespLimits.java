package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;

/**
 * What a client may send and leave unread.
 *
 * @param maxBulkBytes of one argument
 * @param maxArguments of one command
 * @param maxInlineBytes of a command on a line of its own
 * @param maxCommandBytes of a whole command
 * @param maxPending commands of one client that wait for their replies; beyond, nothing more is
 *     read from it
 */
@Immutable
public record RespLimits(
        int maxBulkBytes,
        int maxArguments,
        int maxInlineBytes,
        int maxCommandBytes,
        int maxPending) {
    public static final RespLimits DEFAULTS =
            new RespLimits(64 << 20, 1 << 20, 64 << 10, 256 << 20, 1024);
}
