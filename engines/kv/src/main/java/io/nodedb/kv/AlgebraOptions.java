package io.nodedb.kv;

import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import java.util.Arrays;
import java.util.Locale;

/**
 * How sorted sets are combined.
 *
 * @param limit most members that are counted; 0 for all
 * @param error what is wrong; empty when nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // made for one command, never changed
record AlgebraOptions(
        int keys,
        double[] weights,
        Aggregate aggregate,
        boolean withScores,
        long limit,
        String error) {
    /** What two scores of a member make. */
    enum Aggregate {
        SUM,
        MIN,
        MAX
    }

    static boolean stores(Command command) {
        return command == Command.ZUNIONSTORE
                || command == Command.ZINTERSTORE
                || command == Command.ZDIFFSTORE;
    }

    /** The number of keys; 0 or negative when it is wrong. */
    static int keys(CommandRun run, int numberAt) {
        if (!run.parsed.isInteger(run.arguments, numberAt)) {
            return 0;
        }
        long keys = run.parsed.integer();
        return keys > run.count() - numberAt - 1 ? 0 : (int) Math.max(0, keys);
    }

    static String wrongKeys(CommandRun run, int numberAt) {
        if (!run.parsed.isInteger(run.arguments, numberAt)) {
            return CommandErrors.NOT_AN_INTEGER;
        }
        return run.parsed.integer() < 1
                ? "ERR at least 1 input key is needed for '"
                        + run.call.command.commandName().toLowerCase(Locale.ROOT)
                        + "' command"
                : CommandErrors.SYNTAX;
    }

    static AlgebraOptions wrong(String error) {
        return new AlgebraOptions(0, new double[0], Aggregate.SUM, false, 0, error);
    }

    static AlgebraOptions read(CommandRun run, int numberAt, int keys) {
        Arguments arguments = run.arguments;
        Command command = run.call.command;
        boolean weighs =
                command != Command.ZDIFF
                        && command != Command.ZDIFFSTORE
                        && command != Command.ZINTERCARD;
        boolean tellsScores = !stores(command) && command != Command.ZINTERCARD;
        double[] weights = new double[keys];
        Arrays.fill(weights, 1);
        Aggregate aggregate = Aggregate.SUM;
        boolean withScores = false;
        long limit = 0;
        int at = numberAt + 1 + keys;
        while (at < arguments.count()) {
            int more = arguments.count() - at - 1;
            if (weighs && more >= keys && arguments.isWord(at, "WEIGHTS")) {
                for (int i = 0; i < keys; i++) {
                    if (!run.parsed.isNumber(arguments, at + 1 + i)) {
                        return wrong("ERR weight value is not a float");
                    }
                    weights[i] = run.parsed.number();
                }
                at += 1 + keys;
            } else if (weighs && more >= 1 && arguments.isWord(at, "AGGREGATE")) {
                Aggregate named = null;
                for (Aggregate each : Aggregate.values()) {
                    named = arguments.isWord(at + 1, each.name()) ? each : named;
                }
                if (named == null) {
                    return wrong(CommandErrors.SYNTAX);
                }
                aggregate = named;
                at += 2;
            } else if (tellsScores && arguments.isWord(at, "WITHSCORES")) {
                withScores = true;
                at++;
            } else if (command == Command.ZINTERCARD
                    && more >= 1
                    && arguments.isWord(at, "LIMIT")) {
                if (!run.parsed.isInteger(arguments, at + 1) || run.parsed.integer() < 0) {
                    return wrong("ERR LIMIT can't be negative");
                }
                limit = run.parsed.integer();
                at += 2;
            } else {
                return wrong(CommandErrors.SYNTAX);
            }
        }
        return new AlgebraOptions(keys, weights, aggregate, withScores, limit, "");
    }

    double combine(double one, double other) {
        return switch (aggregate) {
            case SUM -> {
                double sum = one + other;
                // Infinities of both signs.
                yield Double.isNaN(sum) ? 0 : sum;
            }
            // Not Math.min and max: of two zeros the first stays, whatever their signs.
            case MIN -> other < one ? other : one;
            case MAX -> other > one ? other : one;
        };
    }
}
