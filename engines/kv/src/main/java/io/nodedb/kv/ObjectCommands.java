package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;

/** OBJECT and MEMORY: what is told about how a key is stored, in Redis's terms. */
@CoreOwned
final class ObjectCommands {
    /** Longest string that Redis keeps in one block with its header. */
    private static final int EMBEDDED_BYTES = 44;

    private final byte[] digits = new byte[DecimalInteger.MAX_BYTES];

    int encoding(CommandRun run) {
        long present = run.find(0);
        if (present == 0) {
            return run.nil();
        }
        run.reply.bulk(encodingOf(run, present));
        return Outcome.DONE;
    }

    private String encodingOf(CommandRun run, long present) {
        return switch (run.table.typeOf(present)) {
            case STRING -> stringEncoding(run, present);
            case LIST -> "quicklist";
            case SET -> "hashtable";
            case HASH -> isIndexed(run, present) ? "hashtable" : "listpack";
            case SORTED_SET -> isIndexed(run, present) ? "skiplist" : "listpack";
        };
    }

    private static boolean isIndexed(CommandRun run, long present) {
        return ValueForm.isIndexed(run.entries().form(present));
    }

    private String stringEncoding(CommandRun run, long present) {
        int length = run.entries().valueLength(present);
        if (length <= digits.length) {
            run.entries().copyValue(present, digits, 0);
            if (run.parsed.isInteger(digits, 0, length)) {
                return "int";
            }
        }
        return length <= EMBEDDED_BYTES ? "embstr" : "raw";
    }

    /** Uses are not recorded: each key counts as used just now. */
    int idleTime(CommandRun run) {
        return run.find(0) == 0 ? run.nil() : run.integer(0);
    }

    int referenceCount(CommandRun run) {
        return run.find(0) == 0 ? run.nil() : run.integer(1);
    }

    int frequency(CommandRun run) {
        if (run.find(0) == 0) {
            return run.nil();
        }
        return run.error(
                "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please"
                        + " note that when switching between policies at runtime LRU and LFU data"
                        + " will take some time to adjust.");
    }

    /** Bytes of the newest version; nothing is estimated, so the number of samples says nothing. */
    int memoryUsage(CommandRun run) {
        for (int i = 1; i < run.count(); i += 2) {
            if (!run.arguments.isWord(i, "SAMPLES") || i + 1 >= run.count()) {
                return run.error(CommandErrors.SYNTAX);
            }
            if (!run.parsed.isInteger(run.arguments, i + 1)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            if (run.parsed.integer() < 0) {
                return run.error(CommandErrors.SYNTAX);
            }
        }
        long present = run.find(0);
        return present == 0 ? run.nil() : run.integer(run.entries().versionBytes(present));
    }
}
