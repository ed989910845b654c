package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;

/**
 * LCS: the longest sequence of bytes that two strings have in common, not necessarily side by side.
 * Takes time and memory for each pair of their bytes, which bounds what it accepts.
 */
@CoreOwned
final class LcsCommand {
    /**
     * Cells of the table: as much memory as the largest value. So many have lengths of 16 bits,
     * because none is longer than the shorter string.
     */
    private static final int MOST_CELLS = KvLimits.VALUE_BYTES / Character.BYTES;

    private byte[] one = {};
    private byte[] other = {};
    private char[] lengths = {};
    private boolean onlyLength;
    private boolean places;
    private boolean matchLengths;
    private long leastMatch;

    int execute(CommandRun run) {
        long first = run.find(0);
        long second = run.find(1);
        if (run.isOther(ValueType.STRING, first) || run.isOther(ValueType.STRING, second)) {
            return run.error("ERR The specified keys must contain string values");
        }
        String wrong = options(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        long cells = (length(run, first) + 1L) * (length(run, second) + 1L);
        if (cells > MOST_CELLS) {
            return run.error(
                    "ERR Insufficient memory, transient memory for LCS exceeds"
                            + " proto-max-bulk-len");
        }
        one = value(run, first);
        other = value(run, second);
        measure((int) cells);
        if (onlyLength) {
            run.integer(lengths[(int) cells - 1]);
        } else if (places) {
            answerPlaces(run);
        } else {
            answerSequence(run);
        }
        one = other = new byte[0];
        lengths = new char[0];
        return Outcome.DONE;
    }

    /** Reads the options; what is wrong with them, empty when nothing is. */
    private String options(CommandRun run) {
        onlyLength = false;
        places = false;
        matchLengths = false;
        leastMatch = 0;
        for (int i = 2; i < run.count(); i++) {
            if (run.arguments.isWord(i, "IDX")) {
                places = true;
            } else if (run.arguments.isWord(i, "LEN")) {
                onlyLength = true;
            } else if (run.arguments.isWord(i, "WITHMATCHLEN")) {
                matchLengths = true;
            } else if (run.arguments.isWord(i, "MINMATCHLEN") && i + 1 < run.count()) {
                i++;
                if (!run.parsed.isInteger(run.arguments, i)) {
                    return CommandErrors.NOT_AN_INTEGER;
                }
                leastMatch = run.parsed.integer();
            } else {
                return CommandErrors.SYNTAX;
            }
        }
        return onlyLength && places
                ? "ERR If you want both the length and indexes, please just use IDX."
                : "";
    }

    private static int length(CommandRun run, long version) {
        return version == 0 ? 0 : run.entries().valueLength(version);
    }

    private static byte[] value(CommandRun run, long version) {
        byte[] value = new byte[length(run, version)];
        if (version != 0) {
            run.entries().copyValue(version, value, 0);
        }
        return value;
    }

    /** Fills the table: for each pair of beginnings, the length of what they have in common. */
    private void measure(int cells) {
        lengths = new char[cells];
        int width = other.length + 1;
        for (int i = 1; i <= one.length; i++) {
            int row = i * width;
            for (int j = 1; j <= other.length; j++) {
                lengths[row + j] =
                        (char)
                                (one[i - 1] == other[j - 1]
                                        ? lengths[row - width + j - 1] + 1
                                        : Math.max(lengths[row - width + j], lengths[row + j - 1]));
            }
        }
    }

    /** From the ends of both beginnings, is it the first string whose end is left out? */
    private boolean shortensOne(int i, int j) {
        int width = other.length + 1;
        return lengths[(i - 1) * width + j] > lengths[i * width + j - 1];
    }

    private void answerSequence(CommandRun run) {
        int left = lengths[lengths.length - 1];
        int at = run.reply.claimBulk(left);
        int i = one.length;
        int j = other.length;
        while (left > 0) {
            if (one[i - 1] == other[j - 1]) {
                left--;
                run.reply.bytes()[at + left] = one[i - 1];
                i--;
                j--;
            } else if (shortensOne(i, j)) {
                i--;
            } else {
                j--;
            }
        }
    }

    /** Runs of bytes in common, the last one first, by the places of their first and last bytes. */
    private void answerPlaces(CommandRun run) {
        run.reply.map(2);
        run.reply.bulk("matches");
        int mark = run.reply.beginArray();
        int matches = 0;
        int i = one.length;
        int j = other.length;
        int inRun = 0;
        while (i > 0 && j > 0) {
            boolean same = one[i - 1] == other[j - 1];
            if (same) {
                inRun++;
                i--;
                j--;
            }
            boolean ends = !same || i == 0 || j == 0;
            if (ends && inRun > 0) {
                if (inRun >= leastMatch) {
                    answerMatch(run, i, j, inRun);
                    matches++;
                }
                inRun = 0;
            }
            if (!same && shortensOne(i, j)) {
                i--;
            } else if (!same) {
                j--;
            }
        }
        run.reply.endArray(mark, matches);
        run.reply.bulk("len");
        run.reply.integer(lengths[lengths.length - 1]);
    }

    private void answerMatch(CommandRun run, int i, int j, int length) {
        run.reply.array(matchLengths ? 3 : 2);
        run.reply.array(2);
        run.reply.integer(i);
        run.reply.integer(i + length - 1L);
        run.reply.array(2);
        run.reply.integer(j);
        run.reply.integer(j + length - 1L);
        if (matchLengths) {
            run.reply.integer(length);
        }
    }
}
