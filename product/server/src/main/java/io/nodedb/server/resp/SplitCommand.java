package io.nodedb.server.resp;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.transaction.CommandBatch;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A command as the parts that each partition can do: the command itself when all its keys are in
 * one, else, for commands that are the sum of what they do to each key, one command per key's
 * partition.
 */
@ControlPlane
final class SplitCommand {
    private record Part(int partition, CommandCall call) {}

    private final Command command;
    private final List<Part> parts = new ArrayList<>();

    /** For each key in order, which part has it and the how manieth key of that part it is. */
    private final List<int[]> places = new ArrayList<>();

    private SplitCommand(Command command) {
        this.command = command;
    }

    /** An MSET whose last key has no value: nothing of it may be done. */
    static boolean lacksAValue(Command command, Arguments arguments) {
        return command == Command.MSET && arguments.count() % 2 != 0;
    }

    /** Can this command be taken apart by its keys? */
    static boolean splits(Command command) {
        return switch (command) {
            case MGET, MSET, DEL, UNLINK, EXISTS, TOUCH -> true;
            default -> false;
        };
    }

    static SplitCommand of(
            Command command,
            Arguments arguments,
            int collection,
            Router router,
            RandomGenerator random) {
        SplitCommand split = new SplitCommand(command);
        if (!splits(command)) {
            int partition = partition(command, arguments, router);
            split.part(partition, collection, random).arguments.addAll(arguments);
            return split;
        }
        int step = command.keys().step();
        for (int i = 0; i < arguments.count(); i += step) {
            int partition = router.partitionOf(hash(arguments, i));
            CommandCall call = split.part(partition, collection, random);
            split.places.add(new int[] {split.indexOf(partition), call.arguments.count() / step});
            for (int j = i; j < Math.min(i + step, arguments.count()); j++) {
                call.arguments.add(arguments.bytes(), arguments.offset(j), arguments.length(j));
            }
        }
        return split;
    }

    private static int partition(Command command, Arguments arguments, Router router) {
        int place = command.keys().first() - 1;
        return place < arguments.count() ? router.partitionOf(hash(arguments, place)) : 0;
    }

    private static long hash(Arguments arguments, int index) {
        return KeyHash.of(arguments.bytes(), arguments.offset(index), arguments.length(index));
    }

    private int indexOf(int partition) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).partition == partition) {
                return i;
            }
        }
        return -1;
    }

    private CommandCall part(int partition, int collection, RandomGenerator random) {
        int known = indexOf(partition);
        if (known >= 0) {
            return parts.get(known).call;
        }
        CommandCall call = new CommandCall();
        call.command = command;
        call.collection = collection;
        call.seed = random.nextLong();
        parts.add(new Part(partition, call));
        return call;
    }

    /** No part may be answered by an error, or none takes effect. */
    void allOrNothing() {
        parts.forEach(part -> part.call.expected = new Reply());
    }

    /** The reply of the first part that refused what it was asked for; null when none did. */
    @Nullable Reply refusal() {
        for (Part part : parts) {
            if (part.call.reply.isError()) {
                return part.call.reply;
            }
        }
        return null;
    }

    void addTo(CommandBatch batch) {
        parts.forEach(part -> batch.add(part.partition, part.call));
    }

    /** Puts the parts' replies together, after the batch. */
    void appendReply(Reply answer) {
        if (parts.size() == 1) {
            Execution.append(parts.getFirst().call.reply, answer);
            return;
        }
        for (Part part : parts) {
            if (part.call.reply.isError()) {
                Execution.append(part.call.reply, answer);
                return;
            }
        }
        switch (command) {
            case MGET -> mergeArrays(answer);
            case MSET -> answer.ok();
            default -> {
                long sum = 0;
                for (Part part : parts) {
                    sum += new ReplyReader(part.call.reply).integer();
                }
                answer.integer(sum);
            }
        }
    }

    private void mergeArrays(Reply answer) {
        List<List<byte[]>> values = new ArrayList<>();
        for (Part part : parts) {
            ReplyReader reader = new ReplyReader(part.call.reply);
            int count = reader.array();
            List<byte[]> ofPart = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                ofPart.add(reader.bulkOrNil());
            }
            values.add(ofPart);
        }
        answer.array(places.size());
        for (int[] place : places) {
            byte[] value = values.get(place[0]).get(place[1]);
            if (value == ReplyReader.NIL) {
                answer.nil();
            } else {
                answer.bulk(value);
            }
        }
    }
}
