package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.kv.ScratchKeyspace;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that commands concern: copied to a scratch keyspace, and what has changed there. */
@ControlPlane
final class ScratchCopies {
    /** Stands for a value that only has to be there: no command makes the same by chance. */
    private static final byte[] STAND_IN =
            "stands in for c1f0a7d45e9b4c7c9d0f".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] ABSENT = {};

    private static final class Copy {
        final byte[] key;
        boolean isRead;
        boolean isWritten;
        CommandCall seen = new CommandCall();
        byte[] before = ABSENT;

        Copy(byte[] key) {
            this.key = key;
        }
    }

    private final int collection;
    private final Map<ByteBuffer, Copy> copies = new LinkedHashMap<>();

    ScratchCopies(int collection) {
        this.collection = collection;
    }

    /** Adds all keys of a command. */
    void add(CommandCall command) {
        KeyRoles.each(command, this::add);
    }

    private void add(byte[] key, boolean isRead, boolean isWritten) {
        Copy copy = copies.computeIfAbsent(ByteBuffer.wrap(key), absent -> new Copy(key));
        copy.isRead |= isRead;
        copy.isWritten |= isWritten;
    }

    boolean contains(byte[] key) {
        return copies.containsKey(ByteBuffer.wrap(key));
    }

    /** What must be known of them. */
    List<CommandCall> reads() {
        List<CommandCall> reads = new ArrayList<>(copies.size());
        for (Copy copy : copies.values()) {
            Command command = copy.isRead ? Command.VALUE_READ : Command.EXISTS;
            copy.seen = SpreadPlan.call(collection, command, copy.key);
            reads.add(copy.seen);
        }
        return reads;
    }

    /** The first of the reads that was answered by an error. */
    @Nullable Reply error() {
        for (Copy copy : copies.values()) {
            if (copy.seen.reply.isError()) {
                return copy.seen.reply;
            }
        }
        return null;
    }

    /** Puts what was read into an empty keyspace. */
    void load(ScratchKeyspace scratch) {
        for (Copy copy : copies.values()) {
            ReplyReader seen = new ReplyReader(copy.seen.reply);
            if (copy.isRead) {
                byte[] value = seen.bulkOrNil();
                if (value != ReplyReader.NIL) {
                    run(scratch, SpreadPlan.call(0, Command.VALUE_WRITE, copy.key, value));
                }
            } else if (seen.integer() > 0) {
                run(scratch, SpreadPlan.call(0, Command.SET, copy.key, STAND_IN));
            }
            if (copy.isWritten) {
                copy.before = value(scratch, copy.key);
            }
        }
    }

    /** What makes the keys be at home as they are in the keyspace. */
    List<CommandCall> changes(ScratchKeyspace scratch) {
        List<CommandCall> changes = new ArrayList<>();
        for (Copy copy : copies.values()) {
            byte[] now = copy.isWritten ? value(scratch, copy.key) : copy.before;
            if (Arrays.equals(now, copy.before)) {
                continue;
            }
            changes.add(
                    now == ABSENT
                            ? SpreadPlan.sureCall(collection, Command.DEL, copy.key)
                            : SpreadPlan.sureCall(collection, Command.VALUE_WRITE, copy.key, now));
        }
        return changes;
    }

    private static byte[] value(ScratchKeyspace scratch, byte[] key) {
        CommandCall call = SpreadPlan.call(0, Command.VALUE_READ, key);
        run(scratch, call);
        byte[] value = new ReplyReader(call.reply).bulkOrNil();
        return value == ReplyReader.NIL ? ABSENT : value;
    }

    /**
     * Executes a command there.
     *
     * @throws NodeDbException for what the database can't do
     */
    static void run(ScratchKeyspace scratch, CommandCall call) {
        int failure = scratch.execute(call);
        if (failure != 0) {
            String message = scratch.message();
            throw new NodeDbException(ErrorCode.ofNumber(failure), message == null ? "" : message);
        }
    }
}
