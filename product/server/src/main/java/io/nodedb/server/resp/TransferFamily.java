package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.List;

/**
 * {@code MOVE}, and {@code COPY} with a database: keys that go from the selected database to
 * another. Without a database COPY is the engine's.
 */
@Immutable
final class TransferFamily {
    private static final int FIRST_OPTION = 3;

    private TransferFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("move", 3, TransferFamily::move, Flag.NOT_IN_MULTI));
    }

    /** Does a COPY name a database? Then it is for {@link #copy}. */
    static boolean namesDatabase(CommandInput copy) {
        for (int i = FIRST_OPTION; i + 1 < copy.count(); i++) {
            if (copy.isWord(i, "DB")) {
                return true;
            }
            if (!copy.isWord(i, "REPLACE")) {
                return false;
            }
        }
        return false;
    }

    /** A COPY that names a database. */
    static void copy(RespConnection connection, CommandInput input) {
        boolean replaces = false;
        int number = 0;
        for (int i = FIRST_OPTION; i < input.count(); i++) {
            if (input.isWord(i, "REPLACE")) {
                replaces = true;
            } else if (input.isWord(i, "DB") && i + 1 < input.count()) {
                i++;
                String error = Databases.error(input.text(i));
                if (!error.isEmpty()) {
                    connection.replyError(error);
                    return;
                }
                number = Integer.parseInt(input.text(i));
            } else {
                connection.replyError(ErrorTexts.SYNTAX);
                return;
            }
        }
        transfer(
                connection,
                input,
                new TransferPlan.Wish(input.bytes(1), input.bytes(2), false, replaces),
                number);
    }

    private static void move(RespConnection connection, CommandInput input) {
        String error = Databases.error(input.text(2));
        if (!error.isEmpty()) {
            connection.replyError(error);
            return;
        }
        transfer(
                connection,
                input,
                new TransferPlan.Wish(input.bytes(1), input.bytes(1), true, false),
                Integer.parseInt(input.text(2)));
    }

    private static void transfer(
            RespConnection connection, CommandInput input, TransferPlan.Wish wish, int number) {
        if (wish.staysInPlace()
                && Databases.name(number).equals(connection.state().collectionName())) {
            connection.replyError("ERR source and destination objects are the same");
            return;
        }
        new Transfer(connection, input, wish, number).start();
    }
}
