package io.nodedb.data.probe;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.data.probe.ProbeTable.TableKey;
import io.nodedb.data.probe.ProbeTable.TableVersion;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvScanCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls mean. */
final class ProbeOperations {
    private static final int ENTRY_HEADER = 16;

    private final int engineId;

    ProbeOperations(int engineId) {
        this.engineId = engineId;
    }

    int execute(ProbeTable table, KvCall call, ExecutionContext context) {
        TableKey key = TableKey.of(call.key, 0, call.keyLength);
        long readLsn = call.op.writes() ? 0 : context.readLsn();
        TableVersion seen = table.visible(key, readLsn);
        if (seen != null && seen.stamp < 0) {
            context.dependsOn(-seen.stamp);
        }
        TableVersion present = seen != null && seen.live(context.nowMillis()) ? seen : null;
        byte @Nullable [] value = present == null ? null : present.value;
        call.found = value != null;
        call.applied = false;
        return switch (call.op) {
            case GET -> value == null ? Outcome.DONE : answer(call, context, value);
            case EXISTS -> Outcome.DONE;
            case EXPIRY -> {
                call.resultNumber = present == null ? 0 : present.expireAtMillis;
                yield Outcome.DONE;
            }
            case PUT -> {
                boolean wanted =
                        switch (call.condition) {
                            case ALWAYS -> true;
                            case IF_ABSENT -> value == null;
                            case IF_PRESENT -> value != null;
                        };
                yield wanted ? put(table, call, context, present, value(call)) : Outcome.DONE;
            }
            case GET_AND_PUT -> {
                inline(call, value);
                call.expireAtMillis = 0;
                yield put(table, call, context, present, value(call));
            }
            case COMPARE_AND_PUT ->
                    matches(call, value)
                            ? put(table, call, context, present, value(call))
                            : Outcome.DONE;
            case DELETE -> delete(table, call, context, value);
            case GET_AND_DELETE -> {
                inline(call, value);
                yield delete(table, call, context, value);
            }
            case COMPARE_AND_DELETE ->
                    matches(call, value) ? delete(table, call, context, value) : Outcome.DONE;
            case INCREMENT -> increment(table, call, context, present);
            case EXPIRE -> value == null ? Outcome.DONE : put(table, call, context, present, value);
        };
    }

    private static int answer(KvCall call, ExecutionContext context, byte[] value) {
        if (value.length <= KvCall.INLINE_RESULT_BYTES) {
            inline(call, value);
            return Outcome.DONE;
        }
        while (call.streamed < value.length) {
            byte[] chunk = context.takeChunk();
            if (chunk == null) {
                return Outcome.WAIT_FOR_CREDIT;
            }
            int part = (int) Math.min(chunk.length, value.length - call.streamed);
            System.arraycopy(value, (int) call.streamed, chunk, 0, part);
            call.streamed += part;
            context.sendChunk(part);
        }
        call.resultLength = value.length;
        return Outcome.DONE;
    }

    private static void inline(KvCall call, byte @Nullable [] value) {
        call.resultLength = value == null ? 0 : value.length;
        if (value != null) {
            System.arraycopy(value, 0, call.resultBuffer(value.length), 0, value.length);
        }
    }

    private static boolean matches(KvCall call, byte @Nullable [] value) {
        return value != null
                && Arrays.equals(value, 0, value.length, call.expected, 0, call.expectedLength);
    }

    private static byte[] value(KvCall call) {
        return Arrays.copyOf(call.value, call.valueLength);
    }

    private int put(
            ProbeTable table,
            KvCall call,
            ExecutionContext context,
            @Nullable TableVersion present,
            byte[] value) {
        long expireAt = call.expireAtMillis;
        if (expireAt == KvCall.KEEP_EXPIRY) {
            expireAt = present == null ? 0 : present.expireAtMillis;
        }
        return putEffect(table, call, context, present, value, expireAt);
    }

    private int putEffect(
            ProbeTable table,
            KvCall call,
            ExecutionContext context,
            @Nullable TableVersion present,
            byte[] value,
            long expireAt) {
        byte @Nullable [] prior = present == null ? null : present.value;
        if (table.options.feed()) {
            context.effects()
                    .putWithPrior(
                            engineId,
                            table.collection,
                            0,
                            call.key,
                            0,
                            call.keyLength,
                            value,
                            0,
                            value.length,
                            expireAt,
                            prior,
                            0,
                            prior == null ? 0 : prior.length);
        } else {
            context.effects()
                    .put(
                            engineId,
                            table.collection,
                            0,
                            call.key,
                            0,
                            call.keyLength,
                            value,
                            0,
                            value.length,
                            expireAt);
        }
        call.applied = true;
        return Outcome.DONE;
    }

    private int delete(
            ProbeTable table, KvCall call, ExecutionContext context, byte @Nullable [] value) {
        if (value == null) {
            return Outcome.DONE;
        }
        if (table.options.feed()) {
            context.effects()
                    .deleteWithPrior(
                            engineId,
                            table.collection,
                            0,
                            0,
                            call.key,
                            0,
                            call.keyLength,
                            value,
                            0,
                            value.length);
        } else {
            context.effects().delete(engineId, table.collection, 0, 0, call.key, 0, call.keyLength);
        }
        call.applied = true;
        return Outcome.DONE;
    }

    private int increment(
            ProbeTable table,
            KvCall call,
            ExecutionContext context,
            @Nullable TableVersion present) {
        byte @Nullable [] value = present == null ? null : present.value;
        long before;
        try {
            before = value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            return context.fail(ErrorCode.TYPE_MISMATCH, "the value is not an integer");
        }
        try {
            call.resultNumber = Math.addExact(before, call.number);
        } catch (ArithmeticException e) {
            return context.fail(ErrorCode.OVERFLOW, "the sum does not fit");
        }
        return putEffect(
                table,
                call,
                context,
                present,
                Long.toString(call.resultNumber).getBytes(StandardCharsets.UTF_8),
                present == null ? 0 : present.expireAtMillis);
    }

    /** A page; yields between keys when the quantum is over. */
    int scan(ProbeTable table, KvScanCall call, ExecutionContext context) {
        long from = call.nextCursor == 0 ? call.cursor : call.nextCursor;
        for (Map.Entry<TableKey, ?> entry :
                table.keys.tailMap(new TableKey(from, new byte[0]), true).entrySet()) {
            TableKey key = entry.getKey();
            if (call.entries >= call.maxEntries || call.pageLength >= call.maxBytes) {
                call.nextCursor = key.hash();
                return Outcome.DONE;
            }
            TableVersion version = table.visible(key, context.readLsn());
            if (version != null && version.stamp < 0) {
                context.dependsOn(-version.stamp);
            }
            if (version != null && version.live(context.nowMillis())) {
                append(call, key, version);
            }
            call.nextCursor = key.hash() + 1;
            if (call.nextCursor != 0 && context.quantumOver()) {
                return Outcome.YIELD;
            }
        }
        call.finished = true;
        call.nextCursor = 0;
        return Outcome.DONE;
    }

    private static void append(KvScanCall call, TableKey key, TableVersion version) {
        byte[] value = version.value == null || !call.withValues ? new byte[0] : version.value;
        int needed = call.pageLength + ENTRY_HEADER + key.bytes().length + value.length;
        if (call.page.length < needed) {
            call.page = Arrays.copyOf(call.page, 2 * needed);
        }
        ByteBuffer.wrap(call.page)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(call.pageLength)
                .putInt(key.bytes().length)
                .putInt(value.length)
                .putLong(version.expireAtMillis)
                .put(key.bytes())
                .put(value);
        call.pageLength = needed;
        call.entries++;
    }
}
