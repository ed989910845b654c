package io.nodedb.server.resp;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.kv.ScratchKeyspace;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SORT and SORT_RO whose patterns lead anywhere: the elements are read first, then what the
 * patterns make of each, under a watch on the elements' key; then it is sorted in one place.
 */
@ControlPlane
final class SortPlan implements SpreadPlan {
    /**
     * Keys that patterns lead to: all are read in one batch, whose replies are held on the heap.
     */
    private static final int MAX_LOOKUPS = 1 << 20;

    private static final byte[] NO_ORDER = {'x'};

    /** What a pattern leads to for an element; no field means a string. */
    @SuppressWarnings("ArrayRecordComponent") // private, and the arrays are only read
    private record Lookup(byte[] key, byte @Nullable [] field, CommandCall call) {}

    private final RespServer server;
    private final int collection;
    private final CommandCall command;
    private final SortKeys keys;
    private final ScratchCopies copies;
    private final List<Lookup> lookups = new ArrayList<>();
    private @Nullable Reply failure;
    private int round;

    SortPlan(RespServer server, int collection, CommandCall command) {
        this.server = server;
        this.collection = collection;
        this.command = command;
        keys = SortKeys.of(command.command, command.arguments);
        copies = new ScratchCopies(collection);
        copies.add(command);
    }

    @Override
    public List<CommandCall> reads() {
        round++;
        if (round == 1) {
            return copies.reads();
        }
        failure = copies.error();
        if (round == 2 && failure == null && !keys.patterns().isEmpty()) {
            findLookups();
            List<CommandCall> reads = new ArrayList<>(lookups.size());
            lookups.forEach(lookup -> reads.add(lookup.call));
            return reads;
        }
        return List.of();
    }

    /** What the patterns lead to matters later only if something is stored then. */
    @Override
    public boolean watchesReads() {
        return round == 1 || keys.destination().length > 0;
    }

    private void findLookups() {
        CommandCall elements =
                SpreadPlan.call(
                        0,
                        Command.SORT_RO,
                        command.arguments.copy(0),
                        "BY".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        NO_ORDER);
        try {
            Reply read =
                    server.scratches()
                            .with(scratch -> {
                                copies.load(scratch);
                                ScratchCopies.run(scratch, elements);
                                return elements.reply;
                            });
            if (!read.isError()) {
                findLookups(new ReplyReader(read));
            }
        } catch (NodeDbException refused) {
            failure = ErrorTexts.reply(refused.code(), refused.getMessage());
        }
    }

    private void findLookups(ReplyReader reader) {
        Set<List<ByteBuffer>> known = new HashSet<>();
        int count = reader.array();
        if ((long) count * keys.patterns().size() > MAX_LOOKUPS) {
            failure = new Reply();
            failure.error("ERR SORT leads to too many keys in several partitions: " + MAX_LOOKUPS);
            return;
        }
        for (int i = 0; i < count; i++) {
            byte[] element = reader.bulk();
            for (byte[] pattern : keys.patterns()) {
                look(pattern, element, known);
            }
        }
    }

    private void look(byte[] pattern, byte[] element, Set<List<ByteBuffer>> known) {
        SortKeys.Target target = SortKeys.target(pattern, element);
        byte[] key = target.key();
        byte[] field = target.field();
        List<ByteBuffer> name =
                field == null
                        ? List.of(ByteBuffer.wrap(key))
                        : List.of(ByteBuffer.wrap(key), ByteBuffer.wrap(field));
        if (!copies.contains(key) && known.add(name)) {
            CommandCall call =
                    field == null
                            ? SpreadPlan.call(collection, Command.GET, key)
                            : SpreadPlan.call(collection, Command.HGET, key, field);
            lookups.add(new Lookup(key, field, call));
        }
    }

    @Override
    public List<CommandCall> writes() {
        if (failure != null) {
            return List.of();
        }
        try {
            return server.scratches().with(this::compute);
        } catch (NodeDbException refused) {
            failure = ErrorTexts.reply(refused.code(), refused.getMessage());
            return List.of();
        }
    }

    private List<CommandCall> compute(ScratchKeyspace scratch) {
        copies.load(scratch);
        for (Lookup lookup : lookups) {
            load(scratch, lookup);
        }
        command.resetAnswer();
        ScratchCopies.run(scratch, command);
        return command.writes() ? copies.changes(scratch) : List.of();
    }

    /** A key of another type is answered by an error, and counts as absent. */
    private static void load(ScratchKeyspace scratch, Lookup lookup) {
        Reply found = lookup.call.reply;
        if (found.isError()) {
            return;
        }
        byte[] value = new ReplyReader(found).bulkOrNil();
        if (value == ReplyReader.NIL) {
            return;
        }
        byte[] field = lookup.field;
        ScratchCopies.run(
                scratch,
                field == null
                        ? SpreadPlan.call(0, Command.SET, lookup.key, value)
                        : SpreadPlan.call(0, Command.HSET, lookup.key, field, value));
    }

    @Override
    public void appendReply(Reply answer) {
        Reply failed = failure;
        Execution.append(failed == null ? command.reply : failed, answer);
    }
}
