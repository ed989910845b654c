package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;
import java.nio.charset.StandardCharsets;

/** Commands that set and tell when a key of any type expires. */
@CoreOwned
final class ExpiryCommands {
    private static final int IF_NONE = 1;
    private static final int IF_ANY = 2;
    private static final int IF_LATER = 4;
    private static final int IF_EARLIER = 8;

    private static final long ABSENT = -2;
    private static final long NONE = -1;

    private final ExpiryTime time = new ExpiryTime();

    int expire(CommandRun run) {
        return set(run, true, run.nowMillis());
    }

    int pexpire(CommandRun run) {
        return set(run, false, run.nowMillis());
    }

    int expireAt(CommandRun run) {
        return set(run, true, 0);
    }

    int pexpireAt(CommandRun run) {
        return set(run, false, 0);
    }

    private int set(CommandRun run, boolean seconds, long baseMillis) {
        int conditions = 0;
        for (int i = 2; i < run.count(); i++) {
            int condition = condition(run.arguments, i);
            if (condition == 0) {
                return run.error(
                        "ERR Unsupported option "
                                + new String(run.arguments.copy(i), StandardCharsets.ISO_8859_1));
            }
            conditions |= condition;
        }
        if ((conditions & IF_NONE) != 0 && conditions != IF_NONE) {
            return run.error("ERR NX and XX, GT or LT options at the same time are not compatible");
        }
        if ((conditions & IF_LATER) != 0 && (conditions & IF_EARLIER) != 0) {
            return run.error("ERR GT and LT options at the same time are not compatible");
        }
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        if (!time.from(run.parsed.integer(), seconds, baseMillis)) {
            return run.invalidExpiry();
        }
        long present = run.find(0);
        if (present == 0 || !holds(conditions, run.entries().expireAt(present), time.millis())) {
            return run.integer(0);
        }
        if (time.millis() <= run.nowMillis()) {
            run.delete(present);
        } else if (time.millis() != run.entries().expireAt(present)) {
            run.copy(present, 0, time.millis(), present);
        }
        return run.integer(1);
    }

    private static int condition(Arguments arguments, int index) {
        if (arguments.isWord(index, "NX")) {
            return IF_NONE;
        }
        if (arguments.isWord(index, "XX")) {
            return IF_ANY;
        }
        if (arguments.isWord(index, "GT")) {
            return IF_LATER;
        }
        return arguments.isWord(index, "LT") ? IF_EARLIER : 0;
    }

    /** A key without expiry counts as one that expires last. */
    private static boolean holds(int conditions, long before, long after) {
        return ((conditions & IF_NONE) == 0 || before == 0)
                && ((conditions & IF_ANY) == 0 || before != 0)
                && ((conditions & IF_LATER) == 0 || (before != 0 && after > before))
                && ((conditions & IF_EARLIER) == 0 || before == 0 || after < before);
    }

    int persist(CommandRun run) {
        long present = run.find(0);
        if (present == 0 || run.entries().expireAt(present) == 0) {
            return run.integer(0);
        }
        run.copy(present, 0, 0, present);
        return run.integer(1);
    }

    int ttl(CommandRun run) {
        return run.integer(toSeconds(remaining(run)));
    }

    int pttl(CommandRun run) {
        return run.integer(remaining(run));
    }

    int expireTime(CommandRun run) {
        return run.integer(toSeconds(timeOf(run, run.find(0))));
    }

    int pexpireTime(CommandRun run) {
        return run.integer(timeOf(run, run.find(0)));
    }

    /** To the nearest second, as Redis tells it. */
    private static long toSeconds(long millis) {
        return millis < 0 ? millis : millis / 1000 + (millis % 1000 >= 500 ? 1 : 0);
    }

    private static long remaining(CommandRun run) {
        long expireAt = timeOf(run, run.find(0));
        return expireAt < 0 ? expireAt : expireAt - run.nowMillis();
    }

    private static long timeOf(CommandRun run, long present) {
        if (present == 0) {
            return ABSENT;
        }
        long expireAt = run.entries().expireAt(present);
        return expireAt == 0 ? NONE : expireAt;
    }
}
