package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Commands that count in strings. An absent key counts as 0; expiry is kept. */
@CoreOwned
final class CounterCommands {
    private final DecimalInteger digits = new DecimalInteger();
    private final byte[] text = new byte[FloatingText.MAX_BYTES];

    int increment(CommandRun run) {
        return add(run, 1);
    }

    int decrement(CommandRun run) {
        return add(run, -1);
    }

    int incrementBy(CommandRun run) {
        return run.parsed.isInteger(run.arguments, 1)
                ? add(run, run.parsed.integer())
                : run.error(CommandErrors.NOT_AN_INTEGER);
    }

    int decrementBy(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long amount = run.parsed.integer();
        return amount == Long.MIN_VALUE
                ? run.error("ERR decrement would overflow")
                : add(run, -amount);
    }

    private int add(CommandRun run, long amount) {
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        long before = 0;
        if (present != 0) {
            int length = run.entries().valueLength(present);
            if (length > DecimalInteger.MAX_BYTES) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            run.entries().copyValue(present, text, 0);
            if (!run.parsed.isInteger(text, 0, length)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            before = run.parsed.integer();
        }
        long after = before + amount;
        if (((before ^ after) & (amount ^ after)) < 0) {
            return run.error(CommandErrors.OVERFLOW);
        }
        digits.format(after);
        run.put(0, digits.bytes(), digits.start(), digits.length(), expiry(run, present), present);
        return run.integer(after);
    }

    int incrementByFloat(CommandRun run) {
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        BigDecimal before = BigDecimal.ZERO;
        boolean infinite = false;
        if (present != 0) {
            int length = run.entries().valueLength(present);
            if (length > text.length) {
                return run.error(CommandErrors.NOT_A_FLOAT);
            }
            run.entries().copyValue(present, text, 0);
            LongDouble.Parsed value = LongDouble.parse(text, 0, length);
            if (value.kind() == LongDouble.Kind.INVALID) {
                return run.error(CommandErrors.NOT_A_FLOAT);
            }
            infinite = value.kind() == LongDouble.Kind.INFINITE;
            before = value.value();
        }
        LongDouble.Parsed amount =
                LongDouble.parse(
                        run.arguments.bytes(), run.arguments.offset(1), run.arguments.length(1));
        if (amount.kind() == LongDouble.Kind.INVALID) {
            return run.error(CommandErrors.NOT_A_FLOAT);
        }
        BigDecimal after = LongDouble.add(before, amount.value());
        if (infinite || amount.kind() == LongDouble.Kind.INFINITE || after == null) {
            return run.error(CommandErrors.NOT_FINITE);
        }
        byte[] sum = LongDouble.format(after).getBytes(StandardCharsets.US_ASCII);
        run.put(0, sum, 0, sum.length, expiry(run, present), present);
        run.reply.bulk(sum);
        return Outcome.DONE;
    }

    private static long expiry(CommandRun run, long present) {
        return present == 0 ? 0 : run.entries().expireAt(present);
    }
}
