package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.List;
import java.util.Locale;

/** {@code CLIENT} and its subcommands. */
@Immutable
final class ClientFamily {
    static final String BAD_NAME =
            "ERR Client names cannot contain spaces, newlines or special characters.";

    private static final String UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

    private ClientFamily() {}

    static List<CommandEntry> commands() {
        return List.of(
                CommandEntry.local(
                        "client", -2, ClientFamily::client, Flag.SUBCOMMANDS, Flag.NOT_IN_MULTI));
    }

    static boolean isName(String name) {
        return name.chars().allMatch(letter -> letter >= '!' && letter <= '~');
    }

    private static void client(RespConnection connection, CommandInput input) {
        switch (input.word(1)) {
            case "ID" -> integer(connection, input, connection.state().id());
            case "GETNAME" -> getName(connection, input);
            case "SETNAME" -> setName(connection, input);
            case "SETINFO" -> setInfo(connection, input);
            case "INFO" -> text(connection, input, describe(connection) + "\n");
            case "LIST" -> list(connection, input);
            case "REPLY" -> reply(connection, input);
            case "KILL" -> kill(connection, input);
            case "NO-EVICT", "NO-TOUCH" -> onOrOff(connection, input);
            case "UNBLOCK" -> unblock(connection, input);
            case "UNPAUSE" -> {
                if (count(connection, input, 2)) {
                    connection.replyOk();
                }
            }
            case "GETREDIR" -> integer(connection, input, -1);
            default ->
                    connection.replyError(
                            "ERR unknown subcommand '" + input.raw(1) + "'. Try CLIENT HELP.");
        }
    }

    private static boolean count(RespConnection connection, CommandInput input, int count) {
        if (input.count() == count) {
            return true;
        }
        connection.replyError(
                ErrorTexts.wrongNumber("client|" + input.text(1).toLowerCase(Locale.ROOT)));
        return false;
    }

    private static void integer(RespConnection connection, CommandInput input, long value) {
        if (count(connection, input, 2)) {
            Reply reply = connection.build();
            reply.integer(value);
            connection.reply(reply);
        }
    }

    private static void text(RespConnection connection, CommandInput input, String text) {
        if (count(connection, input, 2)) {
            Reply reply = connection.build();
            reply.bulk(text);
            connection.reply(reply);
        }
    }

    private static void getName(RespConnection connection, CommandInput input) {
        if (count(connection, input, 2)) {
            Reply reply = connection.build();
            String name = connection.state().name();
            if (name.isEmpty()) {
                reply.nil();
            } else {
                reply.bulk(name);
            }
            connection.reply(reply);
        }
    }

    private static void setName(RespConnection connection, CommandInput input) {
        if (!count(connection, input, 3)) {
            return;
        }
        String name = input.text(2);
        if (!isName(name)) {
            connection.replyError(BAD_NAME);
            return;
        }
        connection.state().setName(name);
        connection.replyOk();
    }

    private static void setInfo(RespConnection connection, CommandInput input) {
        if (!count(connection, input, 4)) {
            return;
        }
        String value = input.text(3);
        switch (input.word(2)) {
            case "LIB-NAME" -> connection.state().setLibrary(value);
            case "LIB-VER" -> connection.state().setLibraryVersion(value);
            default -> {
                connection.replyError("ERR Unrecognized option '" + input.raw(2) + "'");
                return;
            }
        }
        connection.replyOk();
    }

    private static void list(RespConnection connection, CommandInput input) {
        ClientChoice choice = ClientChoice.toList(connection, input);
        String error = choice.error();
        if (error != null) {
            connection.replyError(error);
            return;
        }
        StringBuilder text = new StringBuilder();
        for (RespConnection each : choice.clients()) {
            text.append(describe(each)).append('\n');
        }
        Reply reply = connection.build();
        reply.bulk(text.toString());
        connection.reply(reply);
    }

    static String describe(RespConnection connection) {
        ClientState state = connection.state();
        long now = connection.server().time().epochMillis();
        return "id="
                + state.id()
                + " addr="
                + state.address()
                + " laddr="
                + state.localAddress()
                + " name="
                + state.name()
                + " age="
                + (now - state.createdMillis()) / 1000
                + " idle="
                + (now - state.lastSeenMillis()) / 1000
                + " flags="
                + flags(state)
                + " db="
                + state.database()
                + " sub="
                + state.channels()
                + " psub="
                + (state.subscriptions() - state.channels())
                + " multi="
                + state.queuedCommands()
                + " cmd="
                + state.lastCommand()
                + " user=default resp="
                + state.protocol()
                + " lib-name="
                + state.library()
                + " lib-ver="
                + state.libraryVersion();
    }

    /** In Redis's letters: waits for a key, between MULTI and EXEC, listens to channels. */
    private static String flags(ClientState state) {
        String flags =
                (state.isSubscribed() ? "P" : "")
                        + (state.isInTransaction() ? "x" : "")
                        + (state.isBlocked() ? "b" : "");
        return flags.isEmpty() ? "N" : flags;
    }

    /** The client's own lane decides; the answer comes from there. */
    private static void unblock(RespConnection connection, CommandInput input) {
        boolean withError = input.count() == 4 && input.isWord(3, "ERROR");
        if (input.count() < 3) {
            connection.replyError(ErrorTexts.wrongNumber("client|unblock"));
            return;
        }
        if (input.count() > 4) {
            connection.replyError(ServerFamily.unknownOrWrongNumber("client", input));
            return;
        }
        if (input.count() == 4 && !withError && !input.isWord(3, "TIMEOUT")) {
            connection.replyError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
            return;
        }
        Long id = KeyspaceFamily.signed(input.text(2));
        if (id == null) {
            connection.replyError(ErrorTexts.NOT_INTEGER);
            return;
        }
        PendingReply reply = connection.append();
        RespConnection target = connection.server().clients().byId(id);
        if (target == null) {
            answer(connection, reply, 0);
            return;
        }
        connection.hold();
        String error = withError ? UNBLOCKED : "";
        target.lane()
                .loop()
                .sockets()
                .execute(() -> {
                    BlockedCommand waits = target.blocked();
                    int done = waits != null && waits.unblock(error) ? 1 : 0;
                    connection
                            .lane()
                            .loop()
                            .sockets()
                            .execute(() -> {
                                answer(connection, reply, done);
                                connection.release();
                            });
                });
    }

    private static void answer(RespConnection connection, PendingReply reply, long number) {
        Reply content = new Reply();
        content.integer(number);
        connection.answerUnlessGone(reply, content);
    }

    private static void reply(RespConnection connection, CommandInput input) {
        if (!count(connection, input, 3)) {
            return;
        }
        ClientState state = connection.state();
        switch (input.word(2)) {
            case "ON" -> {
                state.setRepliesOff(false);
                connection.replyOk();
            }
            case "OFF" -> state.setRepliesOff(true);
            case "SKIP" -> state.skipNextReply();
            default -> connection.replyError(ErrorTexts.SYNTAX);
        }
    }

    private static void kill(RespConnection connection, CommandInput input) {
        if (input.count() < 3) {
            connection.replyError(ErrorTexts.wrongNumber("client|kill"));
            return;
        }
        ClientChoice choice = ClientChoice.toKill(connection, input);
        String error = choice.error();
        if (error != null) {
            connection.replyError(error);
            return;
        }
        List<RespConnection> chosen = choice.clients();
        if (!ClientChoice.isOldKill(input)) {
            Reply reply = connection.build();
            reply.integer(chosen.size());
            connection.reply(reply);
        } else if (chosen.isEmpty()) {
            connection.replyError("ERR No such client");
        } else {
            connection.replyOk();
        }
        for (RespConnection each : chosen) {
            if (each == connection) {
                each.closeAfterReplies();
            } else {
                each.lane().loop().sockets().execute(each::close);
            }
        }
    }

    private static void onOrOff(RespConnection connection, CommandInput input) {
        if (!count(connection, input, 3)) {
            return;
        }
        if (input.isWord(2, "ON") || input.isWord(2, "OFF")) {
            connection.replyOk();
        } else {
            connection.replyError(ErrorTexts.SYNTAX);
        }
    }
}
