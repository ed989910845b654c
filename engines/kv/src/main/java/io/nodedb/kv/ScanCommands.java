package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.ScanCursor;

/**
 * HSCAN, SSCAN, ZSCAN. A packed value is answered at once; a structure in the order of its
 * elements' hashes, so that whatever is written between two calls, an element that stays is told.
 * The cursor is the hash to go on at.
 */
@CoreOwned
final class ScanCommands {
    private static final long DEFAULT_COUNT = 10;

    private final Elements elements;
    private final GlobPattern pattern = new GlobPattern();

    ScanCommands(Elements elements) {
        this.elements = elements;
    }

    int scan(CommandRun run, ValueType type) {
        Arguments arguments = run.arguments;
        long cursor;
        try {
            cursor = ScanCursor.parse(run.text(1));
        } catch (NumberFormatException none) {
            return run.error("ERR invalid cursor");
        }
        if (!elements.open(run, 0, type)) {
            return run.wrongType();
        }
        if (!elements.exists()) {
            run.reply.array(2);
            run.reply.bulk("0");
            run.reply.array(0);
            return Outcome.DONE;
        }
        boolean matching = false;
        long count = DEFAULT_COUNT;
        for (int i = 2; i < arguments.count(); i += 2) {
            boolean more = i + 1 < arguments.count();
            if (more && arguments.isWord(i, "COUNT")) {
                if (!run.parsed.isInteger(arguments, i + 1)) {
                    return run.error(CommandErrors.NOT_AN_INTEGER);
                }
                count = run.parsed.integer();
                if (count < 1) {
                    return run.error(CommandErrors.SYNTAX);
                }
            } else if (more && arguments.isWord(i, "MATCH")) {
                pattern.set(arguments.bytes(), arguments.offset(i + 1), arguments.length(i + 1));
                matching = true;
            } else {
                return run.error(CommandErrors.SYNTAX);
            }
        }
        answer(run, type, cursor, matching, count);
        return Outcome.DONE;
    }

    private void answer(CommandRun run, ValueType type, long cursor, boolean matching, long count) {
        run.reply.array(2);
        int mark = run.reply.mark();
        int told = 0;
        long seen = 0;
        long next = 0;
        elements.rewind(cursor);
        run.reply.array(0);
        while (elements.next()) {
            seen++;
            if (!matching
                    || pattern.matches(
                            elements.element(), elements.elementFrom(), elements.elementLength())) {
                told += tell(run, type);
            }
            if (elements.atBucketEnd() && seen >= count) {
                next = elements.resumeHash();
                break;
            }
        }
        run.reply.endAggregate(mark, told);
        run.reply.insertBulk(mark, Long.toUnsignedString(next));
    }

    private int tell(CommandRun run, ValueType type) {
        elements.answerElement(run.reply);
        return switch (type) {
            case SET -> 1;
            case HASH -> {
                elements.answerValue(run.reply);
                yield 2;
            }
            case SORTED_SET -> {
                run.reply.bulk(ScoreText.scanned(elements.score()));
                yield 2;
            }
            case STRING, LIST -> throw new AssertionError(type);
        };
    }
}
