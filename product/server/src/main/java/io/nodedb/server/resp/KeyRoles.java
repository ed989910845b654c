package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;

/** What commands do with each of their keys. */
@Immutable
final class KeyRoles {
    private static final int NONE = -1;

    private KeyRoles() {}

    /** Takes a key and what a command does with it. */
    interface Sink {
        /**
         * @param read what the key holds matters; otherwise only whether it is there
         * @param written the command may change the key
         */
        void key(byte[] key, boolean read, boolean written);
    }

    /** Names all keys of a command, the destination of SORT included; some more than once. */
    static void each(CommandCall call, Sink sink) {
        Command command = call.command;
        Arguments arguments = call.arguments;
        int destination = destination(command);
        int keys = command.keys().keys(arguments);
        for (int i = 0; i < keys; i++) {
            byte[] key = arguments.copy(command.keys().argument(i));
            boolean written =
                    command.writes() && (i == destination || !writesDestinationOnly(command));
            sink.key(key, i != destination, written);
        }
        if (command == Command.SORT) {
            byte[] stored = SortKeys.of(command, arguments).destination();
            if (stored.length > 0) {
                sink.key(stored, true, true);
            }
        }
    }

    /** Which key is overwritten without a look at what it holds. */
    private static int destination(Command command) {
        return switch (command) {
            case SINTERSTORE,
                    SUNIONSTORE,
                    SDIFFSTORE,
                    ZRANGESTORE,
                    ZUNIONSTORE,
                    ZINTERSTORE,
                    ZDIFFSTORE,
                    BITOP ->
                    0;
            case RENAME, RENAMENX, COPY -> 1;
            default -> NONE;
        };
    }

    private static boolean writesDestinationOnly(Command command) {
        return command == Command.SORT
                || (destination(command) != NONE
                        && command != Command.RENAME
                        && command != Command.RENAMENX);
    }
}
