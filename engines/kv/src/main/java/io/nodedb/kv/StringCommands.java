package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;

/** Commands that get and set whole strings. */
@CoreOwned
final class StringCommands {
    private final ReplyStreams streams;
    private final SetOptions options = new SetOptions();
    private final ExpiryTime time = new ExpiryTime();
    private final RepeatedKeys repeated;

    StringCommands(ReplyStreams streams, RepeatedKeys repeated) {
        this.streams = streams;
        this.repeated = repeated;
    }

    int get(CommandRun run) {
        long present;
        if (ReplyStreams.isUnderWay(run.call)) {
            present = streams.version(run.call, run.context);
            if (present == 0) {
                return ReplyStreams.tooSlow(run.context);
            }
        } else {
            present = run.find(0);
            if (present == 0) {
                return run.nil();
            }
            if (run.isOther(ValueType.STRING, present)) {
                return run.wrongType();
            }
        }
        return streams.bulk(run, present, 0, run.entries().valueLength(present));
    }

    int mget(CommandRun run) {
        run.reply.array(run.count());
        for (int i = 0; i < run.count(); i++) {
            long present = run.find(i);
            if (run.isOther(ValueType.STRING, present)) {
                present = 0;
            }
            run.bulk(present);
        }
        return Outcome.DONE;
    }

    int set(CommandRun run) {
        if (!options.readSet(run.arguments, 2)) {
            return run.error(CommandErrors.SYNTAX);
        }
        if (options.expiry != 0 && !readsExpiry(run)) {
            return Outcome.DONE;
        }
        long present = run.find(0);
        if (options.answersBefore && run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        if (KvLimits.exceedsValue(run.arguments.length(1))) {
            return run.error(CommandErrors.TOO_LONG);
        }
        boolean writes = present == 0 ? !options.onlyPresent : !options.onlyAbsent;
        if (options.answersBefore) {
            run.bulk(present);
        } else if (writes) {
            run.ok();
        } else {
            run.nil();
        }
        if (writes) {
            long expireAt = options.expiry != 0 ? time.millis() : 0;
            if (options.keepsExpiry && present != 0) {
                expireAt = run.entries().expireAt(present);
            }
            run.putArgument(0, 1, expireAt, present);
        }
        return Outcome.DONE;
    }

    int setIfAbsent(CommandRun run) {
        if (KvLimits.exceedsValue(run.arguments.length(1))) {
            return run.error(CommandErrors.TOO_LONG);
        }
        long present = run.find(0);
        if (present == 0) {
            run.putArgument(0, 1, 0, 0);
        }
        return run.integer(present == 0 ? 1 : 0);
    }

    /** SETEX and PSETEX. */
    int setExpiring(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        boolean seconds = run.call.command == Command.SETEX;
        if (!time.after(run.parsed.integer(), seconds, run.nowMillis())) {
            return run.invalidExpiry();
        }
        if (KvLimits.exceedsValue(run.arguments.length(2))) {
            return run.error(CommandErrors.TOO_LONG);
        }
        run.putArgument(0, 2, time.millis(), run.find(0));
        return run.ok();
    }

    int getSet(CommandRun run) {
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        if (KvLimits.exceedsValue(run.arguments.length(1))) {
            return run.error(CommandErrors.TOO_LONG);
        }
        run.putArgument(0, 1, 0, present);
        return run.bulk(present);
    }

    int getDel(CommandRun run) {
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        if (present != 0) {
            run.delete(present);
        }
        return run.bulk(present);
    }

    int getEx(CommandRun run) {
        if (!options.readGetEx(run.arguments, 1)) {
            return run.error(CommandErrors.SYNTAX);
        }
        long present = run.find(0);
        if (present == 0) {
            return run.nil();
        }
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        if (options.expiry != 0 && !readsExpiry(run)) {
            return Outcome.DONE;
        }
        if (options.expiry != 0 && time.millis() <= run.nowMillis()) {
            run.delete(present);
        } else if (options.expiry != 0) {
            run.copy(present, 0, time.millis(), present);
        } else if (options.persists && run.entries().expireAt(present) != 0) {
            run.copy(present, 0, 0, present);
        }
        return run.bulk(present);
    }

    int mset(CommandRun run) {
        if (run.count() % 2 != 0) {
            return run.wrongArguments();
        }
        boolean ifAbsent = run.call.command == Command.MSETNX;
        for (int i = 0; i < run.count(); i += 2) {
            if (KvLimits.exceedsValue(run.arguments.length(i + 1))) {
                return run.error(CommandErrors.TOO_LONG);
            }
            if (ifAbsent && run.find(i) != 0) {
                return run.integer(0);
            }
        }
        long bytes = run.arguments.totalLength();
        if (bytes > KvLimits.COMMAND_BYTES) {
            return run.tooLarge("the command writes too much", KvLimits.COMMAND_BYTES);
        }
        // From the last on: of a key that is named twice, the last value counts.
        repeated.begin(run.count() / 2);
        for (int i = run.count() - 2; i >= 0; i -= 2) {
            if (repeated.isFirst(i)) {
                run.putArgument(i, i + 1, 0, run.find(i));
            }
        }
        return ifAbsent ? run.integer(1) : run.ok();
    }

    /** False when the expiry that the options tell is none, and that is answered. */
    private boolean readsExpiry(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, options.expiry)) {
            run.error(CommandErrors.NOT_AN_INTEGER);
            return false;
        }
        long amount = run.parsed.integer();
        boolean valid =
                options.absolute
                        ? time.at(amount, options.seconds)
                        : time.after(amount, options.seconds, run.nowMillis());
        if (!valid) {
            run.invalidExpiry();
        }
        return valid;
    }
}
