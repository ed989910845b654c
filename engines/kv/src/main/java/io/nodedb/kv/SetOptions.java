package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;

/** The options of SET and GETEX: when to write, what to answer, when the key expires. */
@CoreOwned
final class SetOptions {
    boolean onlyAbsent;
    boolean onlyPresent;
    boolean answersBefore;
    boolean keepsExpiry;
    boolean persists;

    /** The argument that tells the expiry, 0 when none does. */
    int expiry;

    /** The expiry is in seconds, otherwise in milliseconds. */
    boolean seconds;

    /** The expiry counts from 1970, otherwise from now. */
    boolean absolute;

    private boolean forSet;

    /** Reads the options of SET from an argument on; false when they contradict the syntax. */
    boolean readSet(Arguments arguments, int from) {
        forSet = true;
        return read(arguments, from);
    }

    /** Reads the options of GETEX from an argument on; false when they contradict the syntax. */
    boolean readGetEx(Arguments arguments, int from) {
        forSet = false;
        return read(arguments, from);
    }

    private boolean read(Arguments arguments, int from) {
        onlyAbsent = false;
        onlyPresent = false;
        answersBefore = false;
        keepsExpiry = false;
        persists = false;
        expiry = 0;
        for (int i = from; i < arguments.count(); i++) {
            if (takesExpiry(arguments, i)) {
                i++;
            } else if (!takesWord(arguments, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean takesWord(Arguments arguments, int i) {
        if (forSet && arguments.isWord(i, "NX") && !onlyPresent) {
            onlyAbsent = true;
        } else if (forSet && arguments.isWord(i, "XX") && !onlyAbsent) {
            onlyPresent = true;
        } else if (forSet && arguments.isWord(i, "GET")) {
            answersBefore = true;
        } else if (forSet && arguments.isWord(i, "KEEPTTL") && expiry == 0) {
            keepsExpiry = true;
        } else if (!forSet && arguments.isWord(i, "PERSIST") && expiry == 0) {
            persists = true;
        } else {
            return false;
        }
        return true;
    }

    /** An expiry may be told twice in the same unit; the last one counts. */
    private boolean takesExpiry(Arguments arguments, int i) {
        if (keepsExpiry || persists || i + 1 >= arguments.count()) {
            return false;
        }
        boolean inSeconds = arguments.isWord(i, "EX") || arguments.isWord(i, "EXAT");
        if (!inSeconds && !arguments.isWord(i, "PX") && !arguments.isWord(i, "PXAT")) {
            return false;
        }
        boolean isAbsolute = arguments.length(i) == "EXAT".length();
        if (expiry != 0 && (seconds != inSeconds || absolute != isAbsolute)) {
            return false;
        }
        seconds = inSeconds;
        absolute = isAbsolute;
        expiry = i + 1;
        return true;
    }
}
