package io.nodedb.kv;

import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;

/** What elements and their values may measure. */
final class ElementLimits {
    private ElementLimits() {}

    /**
     * Checks a command's elements: every {@code step}-th argument from {@code first} on is one's
     * key, the others are values.
     *
     * @return {@link Outcome#DONE}, or what the command returns
     */
    static int check(CommandRun run, int first, int step) {
        Arguments arguments = run.arguments;
        if (arguments.totalLength() <= KvLimits.KEY_BYTES) {
            return Outcome.DONE;
        }
        if (arguments.totalLength() > KvLimits.COMMAND_BYTES) {
            return run.tooLarge("the command is too large", KvLimits.COMMAND_BYTES);
        }
        for (int i = 0; i < arguments.count(); i++) {
            boolean isKey = i >= first && (i - first) % step == 0;
            if (isKey && arguments.length(i) > KvLimits.KEY_BYTES) {
                return run.tooLarge("a field or member is too long", KvLimits.KEY_BYTES);
            }
            if (arguments.length(i) > KvLimits.VALUE_BYTES) {
                return run.tooLarge("a value is too long", KvLimits.VALUE_BYTES);
            }
        }
        return Outcome.DONE;
    }

    /** Checks a command whose arguments are values only. */
    static int checkValues(CommandRun run) {
        return check(run, run.count(), 1);
    }
}
