package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.List;
import java.util.Locale;

/** Publishing and subscribing. */
@Immutable
final class PubSubFamily {
    private PubSubFamily() {}

    static List<CommandEntry> commands() {
        return List.of(
                CommandEntry.local(
                        "subscribe",
                        -2,
                        (connection, input) -> subscribe(connection, input, false),
                        Flag.NOT_IN_MULTI,
                        Flag.WHILE_SUBSCRIBED),
                CommandEntry.local(
                        "psubscribe",
                        -2,
                        (connection, input) -> subscribe(connection, input, true),
                        Flag.NOT_IN_MULTI,
                        Flag.WHILE_SUBSCRIBED),
                CommandEntry.local(
                        "unsubscribe",
                        -1,
                        (connection, input) -> unsubscribe(connection, input, false),
                        Flag.NOT_IN_MULTI,
                        Flag.WHILE_SUBSCRIBED),
                CommandEntry.local(
                        "punsubscribe",
                        -1,
                        (connection, input) -> unsubscribe(connection, input, true),
                        Flag.NOT_IN_MULTI,
                        Flag.WHILE_SUBSCRIBED),
                CommandEntry.local("publish", 3, PubSubFamily::publish),
                CommandEntry.local("pubsub", -2, PubSubFamily::pubSub, Flag.SUBCOMMANDS));
    }

    private static void subscribe(RespConnection connection, CommandInput input, boolean pattern) {
        for (int i = 1; i < input.count(); i++) {
            connection.subscriptions().subscribe(input.bytes(i), pattern);
        }
    }

    private static void unsubscribe(
            RespConnection connection, CommandInput input, boolean pattern) {
        if (input.count() == 1) {
            connection.subscriptions().unsubscribeAll(pattern);
        }
        for (int i = 1; i < input.count(); i++) {
            connection.subscriptions().unsubscribe(input.bytes(i), pattern);
        }
    }

    private static void publish(RespConnection connection, CommandInput input) {
        int receivers =
                connection.server().pubSub().publish(connection, input.bytes(1), input.bytes(2));
        Reply reply = connection.build();
        reply.integer(receivers);
        connection.reply(reply);
    }

    private static void pubSub(RespConnection connection, CommandInput input) {
        PubSub pubSub = connection.server().pubSub();
        Reply reply = connection.build();
        switch (input.word(1)) {
            case "CHANNELS" -> {
                if (input.count() > 3) {
                    connection.replyError(
                            "ERR unknown subcommand or wrong number of arguments for '"
                                    + input.raw(1)
                                    + "'. Try PUBSUB HELP.");
                    return;
                }
                List<byte[]> names =
                        pubSub.active(input.count() == 3 ? input.bytes(2) : new byte[0]);
                reply.array(names.size());
                names.forEach(reply::bulk);
            }
            case "NUMSUB" -> {
                reply.array(2 * (input.count() - 2));
                for (int i = 2; i < input.count(); i++) {
                    byte[] channel = input.bytes(i);
                    reply.bulk(channel);
                    reply.integer(pubSub.listeners(channel));
                }
            }
            case "NUMPAT" -> {
                if (input.count() > 2) {
                    connection.replyError(wrongNumber(input));
                    return;
                }
                reply.integer(pubSub.patterns());
            }
            default -> {
                connection.replyError(
                        "ERR unknown subcommand '" + input.raw(1) + "'. Try PUBSUB HELP.");
                return;
            }
        }
        connection.reply(reply);
    }

    private static String wrongNumber(CommandInput input) {
        return ErrorTexts.wrongNumber("pubsub|" + input.text(1).toLowerCase(Locale.ROOT));
    }
}
