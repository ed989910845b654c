package io.nodedb.kv;

import io.nodedb.plan.kv.command.Arguments;

/**
 * What ZADD says before its scores.
 *
 * @param end the first argument behind the options
 * @param error what is wrong; empty when nothing is
 */
record AddOptions(
        boolean onlyAbsent,
        boolean onlyExisting,
        boolean onlyGreater,
        boolean onlyLess,
        boolean tellsChanged,
        boolean increments,
        int end,
        String error) {
    /** Those of ZINCRBY. */
    static final AddOptions INCREMENT =
            new AddOptions(false, false, false, false, false, true, 1, "");

    static boolean isOption(Arguments arguments, int at) {
        return arguments.isWord(at, "NX")
                || arguments.isWord(at, "XX")
                || arguments.isWord(at, "CH")
                || arguments.isWord(at, "INCR")
                || arguments.isWord(at, "GT")
                || arguments.isWord(at, "LT");
    }

    static AddOptions read(Arguments arguments) {
        boolean absent = false;
        boolean existing = false;
        boolean greater = false;
        boolean less = false;
        boolean changed = false;
        boolean increments = false;
        int at = 1;
        for (; at < arguments.count(); at++) {
            if (arguments.isWord(at, "NX")) {
                absent = true;
            } else if (arguments.isWord(at, "XX")) {
                existing = true;
            } else if (arguments.isWord(at, "CH")) {
                changed = true;
            } else if (arguments.isWord(at, "INCR")) {
                increments = true;
            } else if (arguments.isWord(at, "GT")) {
                greater = true;
            } else if (arguments.isWord(at, "LT")) {
                less = true;
            } else {
                break;
            }
        }
        int rest = arguments.count() - at;
        String error = "";
        if (rest == 0 || rest % 2 != 0) {
            error = CommandErrors.SYNTAX;
        } else if (absent && existing) {
            error = "ERR XX and NX options at the same time are not compatible";
        } else if ((greater && absent) || (less && absent) || (greater && less)) {
            error = "ERR GT, LT, and/or NX options at the same time are not compatible";
        } else if (increments && rest > 2) {
            error = "ERR INCR option supports a single increment-element pair";
        }
        return new AddOptions(absent, existing, greater, less, changed, increments, at, error);
    }

    /** May a member that is there get this score? */
    boolean updates(double before, double after) {
        return !onlyAbsent && !(onlyGreater && after <= before) && !(onlyLess && after >= before);
    }
}
