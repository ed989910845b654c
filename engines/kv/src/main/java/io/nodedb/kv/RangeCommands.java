package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;

/** Commands on parts of strings. Expiry is kept. */
@CoreOwned
final class RangeCommands {
    private final ReplyStreams streams;
    private int from;
    private int length;

    RangeCommands(ReplyStreams streams) {
        this.streams = streams;
    }

    int length(CommandRun run) {
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        return run.integer(present == 0 ? 0 : run.entries().valueLength(present));
    }

    int append(CommandRun run) {
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        int before = present == 0 ? 0 : run.entries().valueLength(present);
        int more = run.arguments.length(1);
        if (KvLimits.exceedsValue((long) before + more)) {
            return run.error(CommandErrors.TOO_LONG);
        }
        if (more > 0 || present == 0) {
            overwrite(run, present, before, 1, before + more);
        }
        return run.integer(before + more);
    }

    int setRange(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long offset = run.parsed.integer();
        if (offset < 0) {
            return run.error(CommandErrors.OFFSET);
        }
        long present = run.find(0);
        if (run.isOther(ValueType.STRING, present)) {
            return run.wrongType();
        }
        int before = present == 0 ? 0 : run.entries().valueLength(present);
        int size = run.arguments.length(2);
        if (size == 0) {
            return run.integer(before);
        }
        if (offset > KvLimits.VALUE_BYTES || KvLimits.exceedsValue(offset + size)) {
            return run.error(CommandErrors.TOO_LONG);
        }
        int after = Math.max(before, (int) offset + size);
        overwrite(run, present, (int) offset, 2, after);
        return run.integer(after);
    }

    /** The first key gets its value with an argument over it at an offset; zeros fill a gap. */
    private static void overwrite(
            CommandRun run, long present, int offset, int argument, int newLength) {
        long expireAt = present == 0 ? 0 : run.entries().expireAt(present);
        Effects effects = run.put(0, newLength, expireAt, present);
        byte[] bytes = effects.bytes();
        int value = effects.valueOffset();
        int before = 0;
        if (present != 0) {
            before = run.entries().valueLength(present);
            run.entries().copyValue(present, bytes, value);
        }
        if (offset > before) {
            Arrays.fill(bytes, value + before, value + offset, (byte) 0);
        }
        System.arraycopy(
                run.arguments.bytes(),
                run.arguments.offset(argument),
                bytes,
                value + offset,
                run.arguments.length(argument));
    }

    /** GETRANGE and SUBSTR. */
    int getRange(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long start = run.parsed.integer();
        if (!run.parsed.isInteger(run.arguments, 2)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long end = run.parsed.integer();
        long present;
        if (ReplyStreams.isUnderWay(run.call)) {
            present = streams.version(run.call, run.context);
            if (present == 0) {
                return ReplyStreams.tooSlow(run.context);
            }
        } else {
            present = run.find(0);
            if (run.isOther(ValueType.STRING, present)) {
                return run.wrongType();
            }
        }
        cut(start, end, present == 0 ? 0 : run.entries().valueLength(present));
        if (length == 0) {
            run.reply.claimBulk(0);
            return Outcome.DONE;
        }
        return streams.bulk(run, present, from, length);
    }

    /**
     * Sets the part of a string that two inclusive indexes mean; negative ones count from its end.
     */
    private void cut(long start, long end, int whole) {
        from = 0;
        length = 0;
        if (start < 0 && end < 0 && start > end) {
            return;
        }
        long first = Math.max(0, start < 0 ? whole + start : start);
        long last = Math.min(Math.max(0, end < 0 ? whole + end : end), whole - 1L);
        if (first <= last) {
            from = (int) first;
            length = (int) (last - first + 1);
        }
    }
}
