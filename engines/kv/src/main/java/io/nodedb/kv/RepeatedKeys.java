package io.nodedb.kv;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;
import java.util.Arrays;

/**
 * Tells which keys of a command were named before: a hash table of their arguments' numbers, open
 * addressed, reused. Without it, a command that names a key twice would decide twice by the version
 * that was there before it.
 */
@CoreOwned
final class RepeatedKeys {
    private static final int KEPT_SLOTS = 4096;

    /** Argument numbers, plus 1. */
    private int[] slots = new int[16];

    private int mask;
    private boolean single;
    private final CommandRun run;

    RepeatedKeys(CommandRun run) {
        this.run = run;
    }

    /** Forgets all keys; at most {@code count} will be told. */
    void begin(int count) {
        single = count == 1;
        if (single) {
            return;
        }
        int wanted = Integer.highestOneBit(Math.max(count, 4)) * 4;
        if (wanted > slots.length || slots.length > KEPT_SLOTS) {
            slots = new int[wanted];
        } else {
            Arrays.fill(slots, 0, wanted, 0);
        }
        mask = wanted - 1;
    }

    /** Is it the first time since {@link #begin} that an argument names this key? */
    boolean isFirst(int argument) {
        if (single) {
            return true;
        }
        Arguments arguments = run.arguments;
        long hash =
                KeyHash.of(
                        arguments.bytes(), arguments.offset(argument), arguments.length(argument));
        int at = (int) (hash ^ hash >>> 32) & mask;
        while (slots[at] != 0) {
            if (run.sameKey(slots[at] - 1, argument)) {
                return false;
            }
            at = at + 1 & mask;
        }
        slots[at] = argument + 1;
        return true;
    }
}
