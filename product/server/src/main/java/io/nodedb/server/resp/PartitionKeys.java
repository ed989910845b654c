package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.KeyPlaces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * What waits at one partition for a command over several: the command with those of its keys that
 * live there, in their order; of a move, a look at the end of the source from which it takes.
 */
@ControlPlane
record PartitionKeys(int partition, Command command, Arguments arguments) {
    /** {@code partitions} tells the partition of the command's i-th key. */
    static List<PartitionKeys> of(CommandCall call, IntUnaryOperator partitions) {
        if (MovePlan.makes(call.command)) {
            Arguments look = new Arguments();
            look.add(call.arguments.copy(0));
            look.add(ascii(MovePlan.takesFirst(call) ? "0" : "-1"));
            return List.of(new PartitionKeys(partitions.applyAsInt(0), Command.LINDEX, look));
        }
        Map<Integer, List<Integer>> keys = new LinkedHashMap<>();
        int count = call.command.keys().keys(call.arguments);
        for (int i = 0; i < count; i++) {
            keys.computeIfAbsent(partitions.applyAsInt(i), absent -> new ArrayList<>()).add(i);
        }
        List<PartitionKeys> parts = new ArrayList<>();
        keys.forEach((partition, own) ->
                parts.add(new PartitionKeys(partition, call.command, with(call, own))));
        return parts;
    }

    /** The command's arguments with some of its keys only. */
    static Arguments with(CommandCall call, List<Integer> keys) {
        KeyPlaces places = call.command.keys();
        Arguments all = call.arguments;
        Arguments some = new Arguments();
        int first = places.argument(0);
        for (int i = 0; i < first; i++) {
            boolean isNumber = places.counted() && i == places.number();
            some.add(isNumber ? ascii(Integer.toString(keys.size())) : all.copy(i));
        }
        for (int key : keys) {
            some.add(all.copy(places.argument(key)));
        }
        for (int i = first + places.keys(all); i < all.count(); i++) {
            some.add(all.copy(i));
        }
        return some;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
