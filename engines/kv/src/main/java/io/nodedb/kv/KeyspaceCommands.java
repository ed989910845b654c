package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Glob;
import java.util.SplittableRandom;

/**
 * One partition's part of commands about all keys. A page of {@code SCAN} goes on at a hash, in the
 * order of unsigned hashes, and holds whole hashes: a key that stays is neither missed nor
 * repeated, whatever moves between pages.
 */
@CoreOwned
final class KeyspaceCommands {
    private static final int CURSOR = 0;
    private static final int COUNT = 1;
    private static final int PATTERN = 2;
    private static final int TYPE = 3;

    /** Places that are tried for a random key before the table is walked. */
    private static final int RANDOM_TRIES = 64;

    private final HashOrder order = new HashOrder();
    private byte[] key = new byte[256];

    int dbSize(CommandRun run) {
        return run.integer(run.table.live());
    }

    /** Any live key, nearly uniformly; nil when there is none. */
    int randomKey(CommandRun run) {
        SplittableRandom random = new SplittableRandom(run.call.seed);
        for (int i = 0; i < RANDOM_TRIES && run.table.live() > 0; i++) {
            long found = fromHash(run, random.nextLong(), random);
            if (found != 0) {
                return answerKey(run, found);
            }
        }
        long cursor = 0;
        do {
            long found = fromHash(run, cursor, random);
            if (found != 0) {
                return answerKey(run, found);
            }
            cursor = run.table.index.nextBucketHash(cursor);
        } while (cursor != 0 && !run.context.quantumOver());
        return run.nil();
    }

    private long fromHash(CommandRun run, long hash, SplittableRandom random) {
        order.read(run.table, hash);
        int count = order.count();
        int first = count == 0 ? 0 : random.nextInt(count);
        for (int i = 0; i < count; i++) {
            long head = order.head((first + i) % count);
            if (isLive(run, head)) {
                return head;
            }
        }
        return 0;
    }

    private static boolean isLive(CommandRun run, long head) {
        long stamp = run.entries().stamp(head);
        if (stamp < 0) {
            run.context.dependsOn(-stamp);
        }
        return run.entries().isLive(head, run.nowMillis());
    }

    private int answerKey(CommandRun run, long entry) {
        int length = run.entries().keyLength(entry);
        int at = run.reply.claimBulk(length);
        run.entries().copyKey(entry, run.reply.bytes(), at);
        return Outcome.DONE;
    }

    /** Answers the hash at which the next page begins (0 at the end) and the keys of this one. */
    int scan(CommandRun run) {
        long cursor = Long.parseUnsignedLong(run.text(CURSOR));
        int most = Integer.parseInt(run.text(COUNT));
        int mark = run.reply.beginArray();
        int keys = 0;
        int seen = 0;
        boolean ended = false;
        while (!ended && seen < most && (seen == 0 || !run.context.quantumOver())) {
            order.read(run.table, cursor);
            for (int i = 0; i < order.count(); i++) {
                seen++;
                if (isWanted(run, order.head(i))) {
                    run.reply.bulk(key, 0, run.entries().keyLength(order.head(i)));
                    keys++;
                }
            }
            seen++;
            cursor = run.table.index.nextBucketHash(cursor);
            ended = cursor == 0;
        }
        run.reply.bulk(Long.toUnsignedString(cursor));
        run.reply.endArray(mark, keys + 1);
        return Outcome.DONE;
    }

    /** Is the key live, of the type and the pattern? It stands in {@link #key} then. */
    private boolean isWanted(CommandRun run, long head) {
        if (!isLive(run, head)) {
            return false;
        }
        int typeLength = run.arguments.length(TYPE);
        if (typeLength > 0 && !run.text(TYPE).equalsIgnoreCase(run.table.typeOf(head).typeName())) {
            return false;
        }
        int length = run.entries().keyLength(head);
        if (length > key.length) {
            key = new byte[Math.max(length, 2 * key.length)];
        }
        run.entries().copyKey(head, key, 0);
        return isEvery(run)
                || Glob.matches(
                        run.arguments.bytes(),
                        run.arguments.offset(PATTERN),
                        run.arguments.length(PATTERN),
                        key,
                        0,
                        length);
    }

    private static boolean isEvery(CommandRun run) {
        return run.arguments.length(PATTERN) == 1
                && run.arguments.bytes()[run.arguments.offset(PATTERN)] == '*';
    }
}
