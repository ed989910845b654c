package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.storage.wal.Effects;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BITFIELD and BITFIELD_RO: reads and writes integers of 1 to 64 bits at any place of a string. All
 * operations are read before the first one takes effect; later ones see what earlier ones wrote.
 */
@CoreOwned
final class BitFieldCommand {
    private static final String BAD_TYPE =
            "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported"
                    + " but i64 is.";

    /** Bytes that a field may touch. */
    private static final int FIELD_BYTES = 9;

    private enum Action {
        GET,
        SET,
        INCREMENT
    }

    /** What happens when a number does not fit its field. */
    private enum Overflow {
        WRAP,
        SATURATE,
        FAIL
    }

    private record Operation(
            Action action, boolean signed, int bits, long offset, long number, Overflow overflow) {
        long max() {
            return (1L << (signed ? bits - 1 : bits)) - 1;
        }

        long min() {
            return signed ? -max() - 1 : 0;
        }

        /** A number's lowest bits, read as a field of this type. */
        long wrap(long number64) {
            int unused = Long.SIZE - bits;
            return signed ? number64 << unused >> unused : number64 << unused >>> unused;
        }
    }

    private final BitOffset offset = new BitOffset();
    private final List<Operation> operations = new ArrayList<>();
    private final byte[] window = new byte[FIELD_BYTES];

    int execute(CommandRun run) {
        operations.clear();
        String wrong = read(run);
        if (wrong != null) {
            return run.error(wrong);
        }
        long end = 0;
        for (Operation operation : operations) {
            if (operation.action != Action.GET) {
                end = Math.max(end, operation.offset + operation.bits);
            }
        }
        if (end > 0 && run.call.command == Command.BITFIELD_RO) {
            return run.error("ERR BITFIELD_RO only supports the GET subcommand");
        }
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        run.reply.array(operations.size());
        if (end == 0) {
            int length = present == 0 ? 0 : run.entries().valueLength(present);
            for (Operation operation : operations) {
                run.integer(stored(run, present, length, operation));
            }
            return Outcome.DONE;
        }
        return write(run, present, (int) ((end + 7) >> 3));
    }

    private @Nullable String read(CommandRun run) {
        Arguments arguments = run.arguments;
        Overflow overflow = Overflow.WRAP;
        for (int i = 1; i < run.count(); ) {
            int more = run.count() - i - 1;
            if (arguments.isWord(i, "OVERFLOW") && more >= 1) {
                Overflow named = overflow(arguments, i + 1);
                if (named == null) {
                    return "ERR Invalid OVERFLOW type specified";
                }
                overflow = named;
                i += 2;
                continue;
            }
            Action action = action(arguments, i);
            if (action == null || more < (action == Action.GET ? 2 : 3)) {
                return CommandErrors.SYNTAX;
            }
            int from = arguments.offset(i + 1);
            boolean signed = arguments.length(i + 1) > 0 && arguments.bytes()[from] == 'i';
            int bits = bits(run, i + 1, signed);
            if (bits == 0) {
                return BAD_TYPE;
            }
            if (!offset.read(run, i + 2, bits)) {
                return BitOffset.INVALID;
            }
            if (action != Action.GET && !run.parsed.isInteger(arguments, i + 3)) {
                return CommandErrors.NOT_AN_INTEGER;
            }
            long number = action == Action.GET ? 0 : run.parsed.integer();
            operations.add(new Operation(action, signed, bits, offset.value(), number, overflow));
            i += action == Action.GET ? 3 : 4;
        }
        return null;
    }

    private static @Nullable Action action(Arguments arguments, int index) {
        if (arguments.isWord(index, "GET")) {
            return Action.GET;
        }
        if (arguments.isWord(index, "SET")) {
            return Action.SET;
        }
        return arguments.isWord(index, "INCRBY") ? Action.INCREMENT : null;
    }

    private static @Nullable Overflow overflow(Arguments arguments, int index) {
        if (arguments.isWord(index, "WRAP")) {
            return Overflow.WRAP;
        }
        if (arguments.isWord(index, "SAT")) {
            return Overflow.SATURATE;
        }
        return arguments.isWord(index, "FAIL") ? Overflow.FAIL : null;
    }

    /** A field's width from a type such as {@code u8}; 0 when it is none. */
    private static int bits(CommandRun run, int argument, boolean signed) {
        byte[] bytes = run.arguments.bytes();
        int from = run.arguments.offset(argument);
        int length = run.arguments.length(argument);
        if (length == 0
                || (!signed && bytes[from] != 'u')
                || !run.parsed.isInteger(bytes, from + 1, length - 1)) {
            return 0;
        }
        long bits = run.parsed.integer();
        return bits >= 1 && bits <= (signed ? 64 : 63) ? (int) bits : 0;
    }

    private int write(CommandRun run, long present, int neededBytes) {
        int before = present == 0 ? 0 : run.entries().valueLength(present);
        long mark = run.context.effects().mark();
        Effects effects = BitCommands.widen(run, present, Math.max(before, neededBytes));
        byte[] bytes = effects.bytes();
        int from = effects.valueOffset();
        int length = Math.max(before, neededBytes);
        boolean changed = neededBytes > before;
        for (Operation operation : operations) {
            long old = field(bytes, from, length, operation);
            if (operation.action == Action.GET) {
                run.reply.integer(old);
                continue;
            }
            long base = operation.action == Action.SET ? operation.number : old;
            long more = operation.action == Action.SET ? 0 : operation.number;
            int overflow = overflow(operation, base, more);
            if (overflow != 0 && operation.overflow == Overflow.FAIL) {
                run.reply.nil();
                continue;
            }
            long after = operation.wrap(base + more);
            if (overflow != 0 && operation.overflow == Overflow.SATURATE) {
                after = overflow > 0 ? operation.max() : operation.min();
            }
            run.reply.integer(operation.action == Action.SET ? old : after);
            changed |= after != old;
            setField(bytes, from, operation, after);
        }
        if (!changed) {
            effects.rollback(mark);
        }
        return Outcome.DONE;
    }

    /** Does a sum not fit: 1 when it is above, -1 below; 0 when it fits. */
    private static int overflow(Operation operation, long base, long more) {
        // A negative number is no unsigned one: it counts as beyond the highest, as in Redis.
        if (base > operation.max() || (!operation.signed && base < 0)) {
            return 1;
        }
        if (base < operation.min()) {
            return -1;
        }
        // Distances to the ends of a field need all 64 bits.
        if (more > 0 && Long.compareUnsigned(more, operation.max() - base) > 0) {
            return 1;
        }
        return more < 0 && Long.compareUnsigned(-more, base - operation.min()) > 0 ? -1 : 0;
    }

    /** A field of a stored string. */
    private long stored(CommandRun run, long present, int length, Operation operation) {
        int first = (int) (operation.offset >> 3);
        int there = Math.clamp((long) length - first, 0, FIELD_BYTES);
        if (there > 0) {
            run.entries().copyValue(present, first, window, 0, there);
        }
        return fieldAt(window, 0, there, (int) (operation.offset & 7), operation);
    }

    private static long field(byte[] bytes, int from, int length, Operation operation) {
        int first = (int) Math.min(length, operation.offset >> 3);
        return fieldAt(
                bytes, from + first, length - first, (int) (operation.offset & 7), operation);
    }

    /** A field that begins at a bit of a byte; bytes behind the end count as 0. */
    private static long fieldAt(byte[] bytes, int from, int length, int bit, Operation operation) {
        long value = 0;
        for (int i = bit; i < bit + operation.bits; i++) {
            int at = i >> 3;
            int set = at < length ? bytes[from + at] >> (7 - (i & 7)) & 1 : 0;
            value = value << 1 | set;
        }
        return operation.wrap(value);
    }

    private static void setField(byte[] bytes, int from, Operation operation, long value) {
        for (int i = 0; i < operation.bits; i++) {
            long place = operation.offset + i;
            int at = from + (int) (place >> 3);
            int mask = 0x80 >>> (place & 7);
            boolean set = (value >>> (operation.bits - 1 - i) & 1) != 0;
            bytes[at] = (byte) (set ? bytes[at] | mask : bytes[at] & ~mask);
        }
    }
}
