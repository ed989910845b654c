package io.nodedb.control.transaction;

import io.nodedb.control.dispatch.Router;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.plan.kv.command.WatchedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Commands that take effect together, in their order, if no watched key has changed. A key that
 * only must not change may lie anywhere, also where no command goes. Filled once, by one thread,
 * and sent once.
 */
public final class CommandBatch {
    private final Router router;
    private final Map<Integer, Builder> byCore = new TreeMap<>();

    public CommandBatch(Router router) {
        this.router = router;
    }

    /** Appends a command whose keys all lie in one partition. */
    public void add(int partition, CommandCall call) {
        part(partition).commands.add(new PlacedCommand(partition, call));
    }

    /** Adds a key that must not have changed. */
    public void watch(WatchedKey key) {
        part(key.partition()).watches.add(key);
    }

    public boolean isEmpty() {
        return byCore.isEmpty();
    }

    private Builder part(int partition) {
        return byCore.computeIfAbsent(router.coreOf(partition), core -> new Builder(partition));
    }

    /** The parts of all cores that take part, cores ascending. */
    List<Part> byCore() {
        List<Part> parts = new ArrayList<>(byCore.size());
        byCore.forEach((core, builder) -> {
            CommandBatchCall call = new CommandBatchCall();
            call.commands = builder.commands;
            call.watches = builder.watches;
            parts.add(new Part(core, builder.partition, call));
        });
        return parts;
    }

    /** What goes to one core, by any of its partitions. */
    record Part(int core, int partition, CommandBatchCall call) {}

    private static final class Builder {
        final int partition;
        final List<PlacedCommand> commands = new ArrayList<>();
        final List<WatchedKey> watches = new ArrayList<>();

        Builder(int partition) {
            this.partition = partition;
        }
    }
}
