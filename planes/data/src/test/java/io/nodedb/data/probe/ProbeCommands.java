package io.nodedb.data.probe;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.data.probe.ProbeTable.TableKey;
import io.nodedb.data.probe.ProbeTable.TableVersion;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.CommandCall;
import java.nio.charset.StandardCharsets;

/** A few commands: GET, SET (with PXAT), DEL, EXISTS, INCRBY, as Redis answers them. */
final class ProbeCommands {
    private final ProbeOperations operations;
    private final ProbeTable table;
    private final CommandCall call;
    private final Arguments arguments;
    private final ExecutionContext context;

    ProbeCommands(
            ProbeOperations operations,
            ProbeTable table,
            CommandCall call,
            ExecutionContext context) {
        this.operations = operations;
        this.table = table;
        this.call = call;
        this.arguments = call.arguments;
        this.context = context;
    }

    int execute() {
        call.resetAnswer();
        return switch (call.command) {
            case GET -> get();
            case SET -> set();
            case DEL -> each(KvOp.DELETE);
            case EXISTS -> each(KvOp.EXISTS);
            case INCRBY -> increment();
            default -> context.fail(ErrorCode.UNSUPPORTED, "command=" + call.command);
        };
    }

    private KvCall on(KvOp op, int argument) {
        KvCall kv = new KvCall();
        kv.op = op;
        kv.collection = call.collection;
        kv.setKey(arguments.bytes(), arguments.offset(argument), arguments.length(argument));
        return kv;
    }

    private int get() {
        TableKey key = TableKey.of(arguments.bytes(), arguments.offset(0), arguments.length(0));
        TableVersion seen = table.visible(key, context.readLsn());
        if (seen != null && seen.stamp < 0) {
            context.dependsOn(-seen.stamp);
        }
        if (seen == null || !seen.live(context.nowMillis())) {
            call.reply.nil();
        } else {
            call.reply.bulk(java.util.Objects.requireNonNull(seen.value));
        }
        return Outcome.DONE;
    }

    private int set() {
        KvCall kv = on(KvOp.PUT, 0);
        kv.setValue(arguments.bytes(), arguments.offset(1), arguments.length(1));
        if (arguments.count() == 4) {
            kv.expireAtMillis = Long.parseLong(text(3));
        }
        call.reply.ok();
        return operations.execute(table, kv, context);
    }

    private int each(KvOp op) {
        int found = 0;
        for (int i = 0; i < arguments.count(); i++) {
            KvCall kv = on(op, i);
            int outcome = operations.execute(table, kv, context);
            if (outcome != Outcome.DONE) {
                return outcome;
            }
            found += kv.found ? 1 : 0;
        }
        call.reply.integer(found);
        return Outcome.DONE;
    }

    private int increment() {
        KvCall kv = on(KvOp.INCREMENT, 0);
        kv.number = Long.parseLong(text(1));
        int outcome = operations.execute(table, kv, context);
        if (outcome == ErrorCode.TYPE_MISMATCH.number()) {
            call.reply.error("ERR value is not an integer or out of range");
            return Outcome.DONE;
        }
        call.reply.integer(kv.resultNumber);
        return outcome;
    }

    private String text(int argument) {
        return new String(arguments.copy(argument), StandardCharsets.UTF_8);
    }
}
