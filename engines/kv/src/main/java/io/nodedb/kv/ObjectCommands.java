package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;

/** OBJECT and MEMORY: what is told about how a key is stored, in Redis's terms. */
@CoreOwned
final class ObjectCommands {
    /** Longest string that Redis keeps in one block with its header. */
    private static final int EMBEDDED_BYTES = 44;

    /** As many as Redis looks at. */
    private static final int DEFAULT_SAMPLES = 5;

    private final HashOrder order = new HashOrder();
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

    /**
     * Bytes of the newest version and, of an indexed value, of its elements: as many times the mean
     * of some as there are, as Redis estimates it; of all for {@code SAMPLES 0}.
     */
    int memoryUsage(CommandRun run) {
        long samples = DEFAULT_SAMPLES;
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
            samples = run.parsed.integer() == 0 ? Long.MAX_VALUE : run.parsed.integer();
        }
        long present = run.find(0);
        if (present == 0) {
            return run.nil();
        }
        long bytes = run.entries().versionBytes(present);
        return run.integer(bytes + (isIndexed(run, present) ? elements(run, present, samples) : 0));
    }

    /** Stops early when the core has other work: then what was seen stands for the rest. */
    private long elements(CommandRun run, long root, long samples) {
        KvTable table = run.table.structures().of(root).table;
        long seen = 0;
        long bytes = 0;
        long hash = 0;
        do {
            order.read(table, hash);
            for (int i = 0; i < order.count() && seen < samples; i++) {
                seen++;
                bytes += run.entries().versionBytes(order.head(i));
            }
            hash = table.index.nextBucketHash(hash);
        } while (hash != 0 && seen < samples && !(seen > 0 && run.context.quantumOver()));
        return seen == 0
                ? 0
                : Math.round((double) bytes / seen * StructureHead.count(run.entries(), root));
    }
}
