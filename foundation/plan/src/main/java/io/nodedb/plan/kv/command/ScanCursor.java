package io.nodedb.plan.kv.command;

import io.nodedb.base.ownership.Immutable;

/** The cursor of a scan as clients write it. */
@Immutable
public final class ScanCursor {
    private ScanCursor() {}

    /**
     * An unsigned number, as C's strtoul reads it: nothing is 0, a minus wraps around.
     *
     * @throws NumberFormatException when it is none
     */
    public static long parse(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        return text.charAt(0) == '-'
                ? -Long.parseUnsignedLong(text, 1, text.length(), 10)
                : Long.parseUnsignedLong(text);
    }
}
