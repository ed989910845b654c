package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;

/** Commands on single bits of strings, and on whole strings bit by bit. */
@CoreOwned
final class BitCommands {
    private static final String BAD_BIT = "ERR bit is not an integer or out of range";

    private static final int PIECE_BYTES = 4096;

    private final BitRange range = new BitRange();
    private final BitOffset offset = new BitOffset();
    private final byte[] piece = new byte[PIECE_BYTES];

    /** Live versions of a command's sources. */
    private long[] sources = new long[8];

    int setBit(CommandRun run) {
        if (!offset.read(run, 1, 0)) {
            return run.error(BitOffset.INVALID);
        }
        if (!run.parsed.isInteger(run.arguments, 2) || (run.parsed.integer() & ~1L) != 0) {
            return run.error(BAD_BIT);
        }
        int bit = (int) run.parsed.integer();
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        int before = present == 0 ? 0 : run.entries().valueLength(present);
        int at = (int) (offset.value() >> 3);
        int old = bitAt(run, present, before);
        if (old != bit || at >= before) {
            Effects effects = widen(run, present, Math.max(before, at + 1));
            int mask = 0x80 >>> (offset.value() & 7);
            int place = effects.valueOffset() + at;
            byte present8 = effects.bytes()[place];
            effects.bytes()[place] = (byte) (bit == 0 ? present8 & ~mask : present8 | mask);
        }
        return run.integer(old);
    }

    int getBit(CommandRun run) {
        if (!offset.read(run, 1, 0)) {
            return run.error(BitOffset.INVALID);
        }
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        int length = present == 0 ? 0 : run.entries().valueLength(present);
        return run.integer(bitAt(run, present, length));
    }

    private int bitAt(CommandRun run, long present, int length) {
        int at = (int) (offset.value() >> 3);
        if (at >= length) {
            return 0;
        }
        run.entries().copyValue(present, at, piece, 0, 1);
        return piece[0] >> (7 - (offset.value() & 7)) & 1;
    }

    /** The first key gets its value again, widened with zeros, to be changed in the effects. */
    static Effects widen(CommandRun run, long present, int length) {
        long expireAt = present == 0 ? 0 : run.entries().expireAt(present);
        Effects effects = run.put(0, length, expireAt, present);
        int before = 0;
        if (present != 0) {
            before = run.entries().valueLength(present);
            run.entries().copyValue(present, effects.bytes(), effects.valueOffset());
        }
        int from = effects.valueOffset();
        Arrays.fill(effects.bytes(), from + before, from + length, (byte) 0);
        return effects;
    }

    int count(CommandRun run) {
        long present = run.find(0);
        if (present == 0) {
            return run.integer(0);
        }
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        int bytes = run.entries().valueLength(present);
        if (run.count() == 1) {
            range.whole(bytes);
        } else if (run.count() != 3 && run.count() != 4) {
            return run.error(CommandErrors.SYNTAX);
        } else {
            if (!run.parsed.isInteger(run.arguments, 1)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            long start = run.parsed.integer();
            if (!run.parsed.isInteger(run.arguments, 2)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            long end = run.parsed.integer();
            if (start < 0 && end < 0 && start > end) {
                // Before the unit is looked at, and unlike BITPOS, as in Redis.
                return run.integer(0);
            }
            if (run.count() == 4 && !isUnit(run.arguments, 3)) {
                return run.error(CommandErrors.SYNTAX);
            }
            range.set(start, end, inBits(run, 3), bytes);
        }
        return run.integer(range.count(run.entries(), present));
    }

    int position(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long bit = run.parsed.integer();
        if (bit != 0 && bit != 1) {
            return run.error("ERR The bit argument must be 1 or 0.");
        }
        long present = run.find(0);
        if (present == 0) {
            return run.integer(bit == 1 ? -1 : 0);
        }
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        int bytes = run.entries().valueLength(present);
        boolean endGiven = run.count() >= 4;
        if (run.count() > 5) {
            return run.error(CommandErrors.SYNTAX);
        }
        long start = 0;
        if (run.count() >= 3) {
            if (!run.parsed.isInteger(run.arguments, 2)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            start = run.parsed.integer();
        }
        if (run.count() == 5 && !isUnit(run.arguments, 4)) {
            return run.error(CommandErrors.SYNTAX);
        }
        long end = -1;
        if (endGiven) {
            if (!run.parsed.isInteger(run.arguments, 3)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            end = run.parsed.integer();
        }
        range.set(start, end, inBits(run, 4), bytes);
        if (range.isEmpty()) {
            return run.integer(-1);
        }
        long found = range.find(run.entries(), present, bit == 1);
        // Behind its end, a string counts as clear unless the range has an end of its own.
        return run.integer(found < 0 && bit == 0 && !endGiven ? 8L * bytes : found);
    }

    private static boolean isUnit(Arguments arguments, int index) {
        return arguments.isWord(index, "BIT") || arguments.isWord(index, "BYTE");
    }

    private static boolean inBits(CommandRun run, int index) {
        return run.count() > index && run.arguments.isWord(index, "BIT");
    }

    /** The operators of BITOP. */
    private enum Operator {
        AND,
        OR,
        XOR,
        NOT
    }

    int combine(CommandRun run) {
        Operator operator = null;
        for (Operator candidate : Operator.values()) {
            if (run.arguments.isWord(0, candidate.name())) {
                operator = candidate;
            }
        }
        if (operator == null) {
            return run.error(CommandErrors.SYNTAX);
        }
        int count = run.count() - 2;
        if (operator == Operator.NOT && count != 1) {
            return run.error("ERR BITOP NOT must be called with a single source key.");
        }
        if (count > sources.length) {
            sources = new long[count];
        }
        int longest = 0;
        for (int i = 0; i < count; i++) {
            sources[i] = run.find(i + 2);
            if (run.isOther(ValueType.STRING, sources[i])) {
                return run.wrongType();
            }
            if (sources[i] != 0) {
                longest = Math.max(longest, run.entries().valueLength(sources[i]));
            }
        }
        long target = run.find(1);
        if (longest > 0) {
            Effects effects = run.put(1, longest, 0, target);
            for (int from = 0; from < longest; from += PIECE_BYTES) {
                int length = Math.min(PIECE_BYTES, longest - from);
                int at = effects.valueOffset() + from;
                copyPadded(run, sources[0], from, effects.bytes(), at, length);
                combine(run, operator, count, from, effects.bytes(), at, length);
            }
        } else if (target != 0) {
            run.delete(target);
        }
        return run.integer(longest);
    }

    private void combine(
            CommandRun run,
            Operator operator,
            int count,
            int from,
            byte[] result,
            int at,
            int length) {
        if (operator == Operator.NOT) {
            for (int i = 0; i < length; i++) {
                result[at + i] = (byte) ~result[at + i];
            }
        }
        for (int source = 1; source < count; source++) {
            copyPadded(run, sources[source], from, piece, 0, length);
            switch (operator) {
                case AND -> {
                    for (int i = 0; i < length; i++) {
                        result[at + i] &= piece[i];
                    }
                }
                case OR -> {
                    for (int i = 0; i < length; i++) {
                        result[at + i] |= piece[i];
                    }
                }
                case XOR -> {
                    for (int i = 0; i < length; i++) {
                        result[at + i] ^= piece[i];
                    }
                }
                case NOT -> throw new AssertionError("one source");
            }
        }
    }

    /** Copies a part of a version's value, which goes on with zeros behind its end. */
    private static void copyPadded(
            CommandRun run, long version, int from, byte[] target, int at, int length) {
        int whole = version == 0 ? 0 : run.entries().valueLength(version);
        int there = Math.clamp((long) whole - from, 0, length);
        if (there > 0) {
            run.entries().copyValue(version, from, target, at, there);
        }
        Arrays.fill(target, at + there, at + length, (byte) 0);
    }
}
