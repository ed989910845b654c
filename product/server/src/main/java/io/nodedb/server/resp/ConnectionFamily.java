package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.List;

/** Commands about the connection itself. */
@Immutable
final class ConnectionFamily {
    private static final int LEAST_PROTOCOL = 2;
    private static final int BEST_PROTOCOL = 3;

    private ConnectionFamily() {}

    static List<CommandEntry> commands() {
        return List.of(
                CommandEntry.local("ping", -1, ConnectionFamily::ping, Flag.WHILE_SUBSCRIBED),
                CommandEntry.local("echo", 2, ConnectionFamily::echo),
                CommandEntry.local(
                        "quit",
                        -1,
                        ConnectionFamily::quit,
                        Flag.NO_AUTH,
                        Flag.NOT_QUEUED,
                        Flag.WHILE_SUBSCRIBED),
                CommandEntry.local(
                        "reset",
                        1,
                        ConnectionFamily::reset,
                        Flag.NO_AUTH,
                        Flag.NOT_QUEUED,
                        Flag.WHILE_SUBSCRIBED),
                CommandEntry.local(
                        "hello",
                        -1,
                        ConnectionFamily::hello,
                        Flag.NO_AUTH,
                        Flag.NOT_IN_MULTI,
                        Flag.SECRET),
                CommandEntry.local(
                        "auth",
                        -2,
                        ConnectionFamily::auth,
                        Flag.NO_AUTH,
                        Flag.NOT_IN_MULTI,
                        Flag.SECRET),
                CommandEntry.local("select", 2, ConnectionFamily::select, Flag.NOT_IN_MULTI));
    }

    private static void ping(RespConnection connection, CommandInput input) {
        if (input.count() > 2) {
            connection.replyError(ErrorTexts.wrongNumber("ping"));
            return;
        }
        Reply reply = connection.build();
        if (connection.state().isSubscribed() && !connection.isResp3()) {
            reply.array(2);
            reply.bulk("pong");
            reply.bulk(input.count() == 1 ? new byte[0] : input.bytes(1));
        } else if (input.count() == 1) {
            reply.status("PONG");
        } else {
            reply.bulk(input.bytes(1));
        }
        connection.reply(reply);
    }

    private static void echo(RespConnection connection, CommandInput input) {
        Reply reply = connection.build();
        reply.bulk(input.bytes(1));
        connection.reply(reply);
    }

    private static void quit(RespConnection connection, CommandInput input) {
        connection.replyOk();
        connection.closeAfterReplies();
    }

    private static void reset(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        state.endTransaction();
        state.unwatch();
        connection.subscriptions().end();
        state.end();
        state.setRepliesOff(false);
        state.setName("");
        state.setAuthenticated(!connection.server().passwords().required());
        connection.useResp3(false);
        state.setProtocol(LEAST_PROTOCOL);
        Reply reply = connection.build();
        reply.status("RESET");
        connection.server().selectFirst(state);
        connection.reply(reply);
    }

    private static void hello(RespConnection connection, CommandInput input) {
        int protocol = connection.state().protocol();
        String name = null;
        int at = 1;
        if (at < input.count()) {
            Long wanted = KeyspaceFamily.signed(input.text(at++));
            if (wanted == null) {
                connection.replyError("ERR Protocol version is not an integer or out of range");
                return;
            }
            if (wanted < LEAST_PROTOCOL || wanted > BEST_PROTOCOL) {
                connection.replyError("NOPROTO unsupported protocol version");
                return;
            }
            protocol = wanted.intValue();
        }
        while (at < input.count()) {
            String option = input.word(at);
            int left = input.count() - at - 1;
            if (option.equals("AUTH") && left >= 2) {
                if (!authenticate(connection, input.text(at + 1), input.bytes(at + 2))) {
                    return;
                }
                at += 3;
            } else if (option.equals("SETNAME") && left >= 1) {
                name = input.text(at + 1);
                if (!ClientFamily.isName(name)) {
                    connection.replyError(ClientFamily.BAD_NAME);
                    return;
                }
                at += 2;
            } else {
                connection.replyError("ERR Syntax error in HELLO option '" + input.raw(at) + "'");
                return;
            }
        }
        if (!connection.state().isAuthenticated()) {
            connection.replyError(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise"
                            + " the HELLO AUTH <user> <pass> option can be used to"
                            + " authenticate the client and select the RESP protocol version at"
                            + " the same time");
            return;
        }
        if (name != null) {
            connection.state().setName(name);
        }
        connection.state().setProtocol(protocol);
        connection.useResp3AfterReplies(protocol == BEST_PROTOCOL);
        Reply reply = connection.build();
        reply.map(7);
        reply.bulk("server");
        reply.bulk("redis");
        reply.bulk("version");
        reply.bulk(RespServer.REDIS_VERSION);
        reply.bulk("proto");
        reply.integer(protocol);
        reply.bulk("id");
        reply.integer(connection.state().id());
        reply.bulk("mode");
        reply.bulk("standalone");
        reply.bulk("role");
        reply.bulk("master");
        reply.bulk("modules");
        reply.array(0);
        connection.reply(reply);
    }

    private static void auth(RespConnection connection, CommandInput input) {
        if (input.count() > 3) {
            connection.replyError(ErrorTexts.SYNTAX);
            return;
        }
        Passwords passwords = connection.server().passwords();
        boolean named = input.count() == 3;
        if (!named && !passwords.required()) {
            connection.replyError(
                    "ERR AUTH <password> called without any password configured for the default"
                            + " user. Are you sure your configuration is correct?");
            return;
        }
        String user = named ? input.text(1) : Passwords.USER;
        if (authenticate(connection, user, input.bytes(named ? 2 : 1))) {
            connection.replyOk();
        }
    }

    private static boolean authenticate(RespConnection connection, String user, byte[] password) {
        if (!connection.server().passwords().accept(user, password)) {
            connection.replyError("WRONGPASS invalid username-password pair or user is disabled.");
            return false;
        }
        connection.state().setAuthenticated(true);
        return true;
    }

    private static void select(RespConnection connection, CommandInput input) {
        connection.server().select(connection, input.text(1));
    }
}
