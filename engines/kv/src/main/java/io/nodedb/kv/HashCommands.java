package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Commands on fields of hashes. */
@CoreOwned
final class HashCommands {
    private final Elements elements;
    private final DecimalInteger digits = new DecimalInteger();
    private byte[] text = new byte[64];

    HashCommands(Elements elements) {
        this.elements = elements;
    }

    /** HSET, HMSET. */
    int set(CommandRun run) {
        if (run.count() % 2 == 0) {
            return run.wrongArguments();
        }
        int refused = ElementLimits.check(run, 1, 2);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!open(run)) {
            return run.wrongType();
        }
        int added = 0;
        for (int i = 1; i < run.count(); i += 2) {
            added += elements.find(i) ? 0 : 1;
            put(run, i, i + 1);
        }
        elements.finish();
        return run.call.command == Command.HMSET ? run.ok() : run.integer(added);
    }

    int setIfAbsent(CommandRun run) {
        int refused = ElementLimits.check(run, 1, 2);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!open(run)) {
            return run.wrongType();
        }
        if (elements.find(1)) {
            return run.integer(0);
        }
        put(run, 1, 2);
        elements.finish();
        return run.integer(1);
    }

    private void put(CommandRun run, int field, int value) {
        elements.put(
                run.arguments.bytes(),
                run.arguments.offset(field),
                run.arguments.length(field),
                run.arguments.bytes(),
                run.arguments.offset(value),
                run.arguments.length(value),
                0);
    }

    int get(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        answerValue(run, 1);
        return Outcome.DONE;
    }

    int getMany(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        run.reply.array(run.count() - 1);
        for (int i = 1; i < run.count(); i++) {
            answerValue(run, i);
        }
        return Outcome.DONE;
    }

    private void answerValue(CommandRun run, int field) {
        if (elements.find(field)) {
            elements.answerValue(run.reply);
        } else {
            run.reply.nil();
        }
    }

    int delete(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        int deleted = 0;
        for (int i = 1; i < run.count(); i++) {
            if (elements.find(i)) {
                deleted++;
                elements.remove(
                        run.arguments.bytes(), run.arguments.offset(i), run.arguments.length(i));
            }
        }
        elements.finish();
        return run.integer(deleted);
    }

    int length(CommandRun run) {
        return open(run) ? run.integer(elements.count()) : run.wrongType();
    }

    int valueLength(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        return run.integer(elements.find(1) ? elements.valueLength() : 0);
    }

    int exists(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        return run.integer(elements.find(1) ? 1 : 0);
    }

    int incrementBy(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 2)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long amount = run.parsed.integer();
        int refused = ElementLimits.check(run, 1, 2);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!open(run)) {
            return run.wrongType();
        }
        long before = 0;
        long expireAt = 0;
        if (elements.find(1)) {
            expireAt = elements.expireAt();
            if (!readText(DecimalInteger.MAX_BYTES)
                    || !run.parsed.isInteger(text, 0, elements.valueLength())) {
                return run.error("ERR hash value is not an integer");
            }
            before = run.parsed.integer();
        }
        long after = before + amount;
        if (((before ^ after) & (amount ^ after)) < 0) {
            return run.error(CommandErrors.OVERFLOW);
        }
        digits.format(after);
        putNumber(run, digits.bytes(), digits.start(), digits.length(), expireAt);
        return run.integer(after);
    }

    int incrementByFloat(CommandRun run) {
        LongDouble.Parsed amount =
                LongDouble.parse(
                        run.arguments.bytes(), run.arguments.offset(2), run.arguments.length(2));
        if (amount.kind() == LongDouble.Kind.INVALID) {
            return run.error(CommandErrors.NOT_A_FLOAT);
        }
        if (amount.kind() == LongDouble.Kind.INFINITE) {
            return run.error("ERR value is NaN or Infinity");
        }
        int refused = ElementLimits.check(run, 1, 2);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!open(run)) {
            return run.wrongType();
        }
        BigDecimal before = BigDecimal.ZERO;
        long expireAt = 0;
        if (elements.find(1)) {
            expireAt = elements.expireAt();
            LongDouble.Parsed value =
                    readText(FloatingText.MAX_BYTES)
                            ? LongDouble.parse(text, 0, elements.valueLength())
                            : LongDouble.parse(text, 0, 0);
            if (value.kind() == LongDouble.Kind.INVALID) {
                return run.error("ERR hash value is not a float");
            }
            if (value.kind() == LongDouble.Kind.INFINITE) {
                return run.error(CommandErrors.NOT_FINITE);
            }
            before = value.value();
        }
        BigDecimal after = LongDouble.add(before, amount.value());
        if (after == null) {
            return run.error(CommandErrors.NOT_FINITE);
        }
        byte[] sum = LongDouble.format(after).getBytes(StandardCharsets.US_ASCII);
        putNumber(run, sum, 0, sum.length, expireAt);
        run.reply.bulk(sum);
        return Outcome.DONE;
    }

    /** Reads the present value when it is no longer than a number may be. */
    private boolean readText(int most) {
        int length = elements.valueLength();
        if (length > most) {
            return false;
        }
        if (text.length < length) {
            text = Arrays.copyOf(text, most);
        }
        elements.copyValue(text, 0);
        return true;
    }

    private void putNumber(CommandRun run, byte[] number, int from, int length, long expireAt) {
        elements.put(
                run.arguments.bytes(),
                run.arguments.offset(1),
                run.arguments.length(1),
                number,
                from,
                length,
                expireAt);
        elements.finish();
    }

    private boolean open(CommandRun run) {
        return elements.open(run, 0, ValueType.HASH);
    }
}
