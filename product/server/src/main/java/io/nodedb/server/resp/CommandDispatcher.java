package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a command: refused, answered by the connection, queued, or sent to the
 * core of its keys.
 */
@Shared("no state")
final class CommandDispatcher {
    private static final int SHOWN_ARGUMENT_BYTES = 128;

    /** How an error begins that says no more than that it is one. */
    private static final String PLAIN = "ERR ";

    private final CommandTable table;

    CommandDispatcher(CommandTable table) {
        this.table = table;
    }

    CommandTable table() {
        return table;
    }

    /** Runs one command. @return false when a core has no room for it: to be run again */
    boolean run(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        CommandEntry entry = table.find(input.buffer(), input.offset(0), input.length(0));
        state.commandBegins();
        if (entry == null) {
            connection.replyError(unknown(input));
            return true;
        }
        state.setLastCommand(shownName(entry, input));
        String refusal = refusal(connection, entry, input);
        if (refusal != null) {
            refuse(connection, entry, refusal);
            return true;
        }
        if (!state.find(
                        connection.server().control().catalog().state(),
                        connection.hasCommandsUnderWay())
                && !entry.has(CommandEntry.Flag.NO_AUTH)
                && !entry.name().equals("select")) {
            if (connection.server().comesBack(state)) {
                return false;
            }
            connection.replyError(
                    Databases.gone(
                            connection.server().control().catalog().state(),
                            state.collectionName()));
            return true;
        }
        Monitors monitors = connection.server().monitors();
        if (entry.name().equals("reset")) {
            // Its reply comes first, and after that the client is no monitor any more.
            monitors.remove(connection);
        }
        if (!monitors.isEmpty() && !entry.has(CommandEntry.Flag.SECRET)) {
            monitors.tell(connection, input);
        }
        Transaction transaction = state.transaction();
        if (transaction != null && !entry.has(CommandEntry.Flag.NOT_QUEUED)) {
            transaction.queue(connection, entry, input);
            return true;
        }
        ConnectionCommand local = entry.local();
        if (local != null) {
            connection.server().statistics().countCommand();
            local.run(connection, input);
            return true;
        }
        Command command = entry.engine();
        return command == null || send(connection, command, input, 1);
    }

    /** What refuses EXEC ends the transaction. */
    private static void refuse(RespConnection connection, CommandEntry entry, String refusal) {
        if (entry.name().equals("exec")) {
            connection.state().endTransaction();
            connection.state().unwatch();
            String why = refusal.startsWith(PLAIN) ? refusal.substring(PLAIN.length()) : refusal;
            connection.replyError("EXECABORT Transaction discarded because of: " + why);
        } else {
            connection.replyError(refusal);
        }
    }

    private static @Nullable String refusal(
            RespConnection connection, CommandEntry entry, CommandInput input) {
        if (!entry.accepts(input.count())) {
            return ErrorTexts.wrongNumber(entry.name());
        }
        ClientState state = connection.state();
        if (!state.isAuthenticated() && !entry.has(CommandEntry.Flag.NO_AUTH)) {
            return "NOAUTH Authentication required.";
        }
        if (state.isSubscribed()
                && !connection.isResp3()
                && !entry.has(CommandEntry.Flag.WHILE_SUBSCRIBED)) {
            return "ERR Can't execute '"
                    + shownName(entry, input)
                    + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed"
                    + " in this context";
        }
        if (state.transaction() != null && entry.has(CommandEntry.Flag.NOT_IN_MULTI)) {
            return "ERR Command not allowed inside a transaction";
        }
        return null;
    }

    /**
     * Sends a command on keys; arguments begin at {@code first}.
     *
     * @return false when the core has no room
     */
    boolean send(RespConnection connection, Command command, CommandInput input, int first) {
        if (command == Command.COPY && TransferFamily.namesDatabase(input)) {
            connection.server().statistics().countCommand();
            TransferFamily.copy(connection, input);
            return true;
        }
        KeyRouter keys = connection.keys();
        int partition = keys.partitionOf(command.keys(), input);
        if (partition == KeyRouter.SEVERAL || sortsByOthers(connection, command, input, first)) {
            connection.server().spread().run(connection, command, input, first);
            return true;
        }
        Request<Call> request = connection.newRequest(keys.coreOf(partition));
        if (request == null) {
            return false;
        }
        CommandCall call = (CommandCall) request.reusable;
        call.reset();
        call.command = command;
        call.collection = connection.state().collection();
        call.seed = ThreadLocalRandom.current().nextLong();
        input.copyTo(call.arguments, first);
        request.payload = call;
        request.partition = partition;
        RespServer server = connection.server();
        request.deadlineNanos = connection.lane().turnNanos() + server.requestTimeoutNanos();
        request.durability = server.durability();
        server.statistics().countCommand();
        connection.submit(request);
        return true;
    }

    /** Do SORT's options lead to other partitions? */
    private static boolean sortsByOthers(
            RespConnection connection, Command command, CommandInput input, int first) {
        if (command != Command.SORT && command != Command.SORT_RO) {
            return false;
        }
        Arguments arguments = new Arguments();
        input.copyTo(arguments, first);
        return SortKeys.of(command, arguments).leadElsewhere(arguments, connection.lane().router());
    }

    /** With the subcommand, if it has any. */
    private static String shownName(CommandEntry entry, CommandInput input) {
        return entry.has(CommandEntry.Flag.SUBCOMMANDS) && input.count() > 1
                ? entry.name() + "|" + shown(input, 1).toLowerCase(Locale.ROOT)
                : entry.name();
    }

    private static String unknown(CommandInput input) {
        StringBuilder text = new StringBuilder("ERR unknown command '");
        text.append(shown(input, 0)).append("', with args beginning with: ");
        for (int i = 1; i < input.count() && text.length() < SHOWN_ARGUMENT_BYTES; i++) {
            text.append('\'').append(shown(input, i)).append("' ");
        }
        return text.toString();
    }

    private static String shown(CommandInput input, int index) {
        String text = input.raw(index);
        return text.length() > SHOWN_ARGUMENT_BYTES
                ? text.substring(0, SHOWN_ARGUMENT_BYTES)
                : text;
    }
}
