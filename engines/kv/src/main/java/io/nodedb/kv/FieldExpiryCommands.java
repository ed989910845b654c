package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;

/**
 * Commands on the expiry of single fields, as of Redis 7.4. A hash with a field that expires is an
 * indexed one, so that each field has its own time.
 */
@CoreOwned
final class FieldExpiryCommands {
    /** Latest time, so that it and small sums with it fit the 48 bits that clients expect. */
    private static final long MAX_MILLIS = 0xFFFF_FFFF_FFFFL >> 2;

    private static final int NO_FIELD = -2;
    private static final int NO_EXPIRY = -1;
    private static final int NOT_WANTED = 0;
    private static final int DONE = 1;
    private static final int DELETED = 2;

    private enum Condition {
        ALWAYS,
        NX,
        XX,
        GT,
        LT
    }

    private final Elements elements;

    FieldExpiryCommands(Elements elements) {
        this.elements = elements;
    }

    /** HEXPIRE, HPEXPIRE, HEXPIREAT, HPEXPIREAT. */
    int expire(CommandRun run) {
        if (!elements.open(run, 0, ValueType.HASH)) {
            return run.wrongType();
        }
        Arguments arguments = run.arguments;
        if (!run.parsed.isInteger(arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long amount = run.parsed.integer();
        if (amount < 0) {
            return run.error("ERR invalid expire time, must be >= 0");
        }
        Command command = run.call.command;
        boolean seconds = command == Command.HEXPIRE || command == Command.HEXPIREAT;
        boolean relative = command == Command.HEXPIRE || command == Command.HPEXPIRE;
        if (seconds && amount > MAX_MILLIS / 1000) {
            return run.invalidExpiry();
        }
        long millis = seconds ? amount * 1000 : amount;
        long base = relative ? run.nowMillis() : 0;
        if (millis > MAX_MILLIS - base) {
            return run.invalidExpiry();
        }
        millis += base;
        Condition condition = condition(arguments);
        int fieldsAt = condition == Condition.ALWAYS ? 2 : 3;
        String wrong = wrongFields(run, fieldsAt);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        int first = fieldsAt + 2;
        run.reply.array(arguments.count() - first);
        for (int i = first; i < arguments.count(); i++) {
            run.reply.integer(expire(run, i, millis, condition));
        }
        elements.finish();
        return Outcome.DONE;
    }

    private static Condition condition(Arguments arguments) {
        for (Condition each : Condition.values()) {
            if (each != Condition.ALWAYS && arguments.isWord(2, each.name())) {
                return each;
            }
        }
        return Condition.ALWAYS;
    }

    private int expire(CommandRun run, int field, long millis, Condition condition) {
        if (!elements.find(field)) {
            return NO_FIELD;
        }
        long before = elements.expireAt();
        boolean wanted =
                switch (condition) {
                    case ALWAYS -> true;
                    case NX -> before == 0;
                    case XX -> before != 0;
                    case GT -> before != 0 && millis > before;
                    case LT -> before == 0 || millis < before;
                };
        if (!wanted) {
            return NOT_WANTED;
        }
        if (millis <= run.nowMillis()) {
            elements.remove(
                    run.arguments.bytes(),
                    run.arguments.offset(field),
                    run.arguments.length(field));
            return DELETED;
        }
        rewrite(run, field, millis);
        return DONE;
    }

    /** The field keeps its value and gets another expiry; 0 for none. */
    private void rewrite(CommandRun run, int field, long millis) {
        int length = elements.valueLength();
        byte[] copy = new byte[length];
        elements.copyValue(copy, 0);
        elements.put(
                run.arguments.bytes(),
                run.arguments.offset(field),
                run.arguments.length(field),
                copy,
                0,
                length,
                millis);
    }

    int persist(CommandRun run) {
        if (!elements.open(run, 0, ValueType.HASH)) {
            return run.wrongType();
        }
        String wrong = wrongFields(run, 1);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        run.reply.array(run.count() - 3);
        for (int i = 3; i < run.count(); i++) {
            if (!elements.find(i)) {
                run.reply.integer(NO_FIELD);
            } else if (elements.expireAt() == 0) {
                run.reply.integer(NO_EXPIRY);
            } else {
                rewrite(run, i, 0);
                run.reply.integer(DONE);
            }
        }
        elements.finish();
        return Outcome.DONE;
    }

    /** HTTL, HPTTL, HEXPIRETIME, HPEXPIRETIME. */
    int expiry(CommandRun run) {
        if (!elements.open(run, 0, ValueType.HASH)) {
            return run.wrongType();
        }
        String wrong = wrongFields(run, 1);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        Command command = run.call.command;
        boolean seconds = command == Command.HTTL || command == Command.HEXPIRETIME;
        boolean relative = command == Command.HTTL || command == Command.HPTTL;
        run.reply.array(run.count() - 3);
        for (int i = 3; i < run.count(); i++) {
            if (!elements.find(i)) {
                run.reply.integer(NO_FIELD);
                continue;
            }
            long at = elements.expireAt();
            long told = relative ? at - run.nowMillis() : at;
            run.reply.integer(at == 0 ? NO_EXPIRY : seconds ? (told + 999) / 1000 : told);
        }
        return Outcome.DONE;
    }

    /** What is wrong with {@code FIELDS number field...}; empty when nothing is. */
    private static String wrongFields(CommandRun run, int at) {
        Arguments arguments = run.arguments;
        if (at >= arguments.count() || !arguments.isWord(at, "FIELDS")) {
            return "ERR Mandatory argument FIELDS is missing or not at the right position";
        }
        if (at + 1 >= arguments.count()
                || !run.parsed.isInteger(arguments, at + 1)
                || run.parsed.integer() < 1) {
            return "ERR Parameter `numFields` should be greater than 0";
        }
        if (run.parsed.integer() != arguments.count() - at - 2) {
            return "ERR The `numfields` parameter must match the number of arguments";
        }
        return "";
    }
}
