package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.transaction.CommitOutcome;
import io.nodedb.plan.kv.command.Reply;
import org.jspecify.annotations.Nullable;

/** Error replies: a prefix that clients tell errors by, then a sentence on one line. */
@Immutable
final class ErrorTexts {
    static final String SYNTAX = "ERR syntax error";
    static final String NOT_INTEGER = "ERR value is not an integer or out of range";

    static final String NOT_AN_INT =
            "ERR value is out of range, value must between -2147483648 and 2147483647";

    private ErrorTexts() {}

    /** The database's error as a client reads it. */
    static String of(ErrorCode code, @Nullable String message) {
        String text = message == null || message.isEmpty() ? code.advice() : message;
        return code.respPrefix() + " " + text;
    }

    static Reply reply(ErrorCode code, @Nullable String message) {
        Reply reply = new Reply();
        reply.error(of(code, message));
        return reply;
    }

    /** Why a batch was not made. */
    static String of(CommitOutcome outcome) {
        ErrorCode code = outcome.error();
        return of(code == null ? ErrorCode.INTERNAL : code, outcome.message());
    }

    static String wrongNumber(String name) {
        return "ERR wrong number of arguments for '" + name + "' command";
    }
}
