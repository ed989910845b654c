package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;

/** Commands on keys of any type. */
@CoreOwned
final class KeyCommands {
    private final StructureCopy structures = new StructureCopy();
    private final RepeatedKeys repeated;

    KeyCommands(RepeatedKeys repeated) {
        this.repeated = repeated;
    }

    /** DEL and UNLINK. */
    int delete(CommandRun run) {
        int deleted = 0;
        repeated.begin(run.count());
        for (int i = 0; i < run.count(); i++) {
            long present = run.find(i);
            if (present != 0 && repeated.isFirst(i)) {
                run.delete(present);
                deleted++;
            }
        }
        return run.integer(deleted);
    }

    /** EXISTS and TOUCH: a key counts as often as it is named. */
    int count(CommandRun run) {
        int found = 0;
        for (int i = 0; i < run.count(); i++) {
            found += run.find(i) != 0 ? 1 : 0;
        }
        return run.integer(found);
    }

    int type(CommandRun run) {
        long present = run.find(0);
        run.reply.status(present == 0 ? "none" : run.table.typeOf(present).typeName());
        return Outcome.DONE;
    }

    /** RENAME and RENAMENX. */
    int rename(CommandRun run) {
        boolean ifAbsent = run.call.command == Command.RENAMENX;
        long source = run.find(0);
        if (source == 0) {
            return run.error(CommandErrors.NO_SUCH_KEY);
        }
        if (!run.sameKey(0, 1)) {
            long target = run.find(1);
            if (ifAbsent && target != 0) {
                return run.integer(0);
            }
            run.copy(source, 1, run.entries().expireAt(source), target);
            run.delete(source);
            return ifAbsent ? run.integer(1) : run.ok();
        }
        return ifAbsent ? run.integer(0) : run.ok();
    }

    int copy(CommandRun run) {
        boolean replaces = false;
        for (int i = 2; i < run.count(); i++) {
            if (run.arguments.isWord(i, "REPLACE")) {
                replaces = true;
            } else if (run.arguments.isWord(i, "DB") && i + 1 < run.count()) {
                return run.error("ERR COPY works within one collection: leave out DB");
            } else {
                return run.error(CommandErrors.SYNTAX);
            }
        }
        if (run.sameKey(0, 1)) {
            return run.error("ERR source and destination objects are the same");
        }
        long source = run.find(0);
        long target = run.find(1);
        if (source == 0 || (target != 0 && !replaces)) {
            return run.integer(0);
        }
        if (ValueForm.isIndexed(run.entries().form(source))) {
            structures.copy(run, source, 1, target);
        } else {
            run.copy(source, 1, run.entries().expireAt(source), target);
        }
        return run.integer(1);
    }
}
