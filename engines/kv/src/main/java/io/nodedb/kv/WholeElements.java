package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.CommandCall;

/**
 * Answers all elements of a hash or a set, in as many quanta as it takes. When the key is written
 * meanwhile, the answer begins anew; after a few times it is told in one quantum, however long.
 *
 * <p>Between quanta the call holds how far it has come.
 */
@CoreOwned
final class WholeElements {
    private static final int MAX_RESTARTS = 3;

    private final Elements elements;

    WholeElements(Elements elements) {
        this.elements = elements;
    }

    /** HGETALL. */
    int fieldsAndValues(CommandRun run) {
        return answer(run, ValueType.HASH, true, true);
    }

    /** HKEYS. */
    int fields(CommandRun run) {
        return answer(run, ValueType.HASH, true, false);
    }

    /** HVALS. */
    int values(CommandRun run) {
        return answer(run, ValueType.HASH, false, true);
    }

    /** SMEMBERS. */
    int members(CommandRun run) {
        return answer(run, ValueType.SET, true, false);
    }

    private int answer(CommandRun run, ValueType type, boolean keys, boolean values) {
        if (!elements.open(run, 0, type)) {
            return run.wrongType();
        }
        CommandCall call = run.call;
        long stamp = elements.exists() ? run.entries().stamp(elements.root()) : 0;
        if (call.resumed > 0 && call.resumedStamp != stamp) {
            call.restarts++;
            call.resumed = 0;
        }
        if (call.resumed == 0) {
            run.reply.truncate(0);
            call.resumeAt = 0;
            if (type == ValueType.SET) {
                run.reply.set(0);
            } else if (keys && values) {
                run.reply.map(0);
            } else {
                run.reply.array(0);
            }
        }
        elements.rewind(call.resumeAt);
        int told = call.resumed;
        while (elements.next()) {
            if (keys) {
                elements.answerElement(run.reply);
            }
            if (values) {
                elements.answerValue(run.reply);
            }
            told++;
            if (elements.atBucketEnd()
                    && elements.resumeHash() != 0
                    && call.restarts < MAX_RESTARTS
                    && run.context.quantumOver()) {
                call.resumed = told;
                call.resumedStamp = stamp;
                call.resumeAt = elements.resumeHash();
                return Outcome.YIELD;
            }
        }
        run.reply.endAggregate(0, told);
        call.resumed = 0;
        return Outcome.DONE;
    }
}
