package io.nodedb.plan.kv.command;

import io.nodedb.plan.commit.ParticipantCall;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Commands of one core that take effect together, each seeing the effects of those before it, if no
 * watched key has changed. Where a client is wrong, that command's reply is an error and the others
 * go on; what the database can't do fails the call, and nothing was done.
 *
 * <p>With {@link #prepareOnly} it is a participant of a transaction over several cores: until the
 * decision, whoever touches its keys waits. A participant may have watched keys only.
 */
public final class CommandBatchCall extends ParticipantCall {
    private static final int[] NONE = {};

    /** In their order; the replies come in them. */
    public List<PlacedCommand> commands = List.of();

    public List<WatchedKey> watches = List.of();

    /** Answer: a watched key has changed, and nothing was done. */
    public boolean watchChanged;

    /** Answer to a prepare: the partitions that were written. */
    public int[] written = NONE;

    @Override
    public boolean writes() {
        if (prepareOnly) {
            return true;
        }
        for (PlacedCommand placed : commands) {
            if (placed.call().writes()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int operation() {
        return prepareOnly ? 121 : 120;
    }

    @Override
    public int collection() {
        if (commands.isEmpty()) {
            return watches.isEmpty() ? 0 : watches.getFirst().collection();
        }
        return commands.getFirst().call().collection;
    }

    @Override
    public long valuesHash() {
        long hash = 17;
        for (PlacedCommand placed : commands) {
            hash = (hash * 31 + placed.call().operation()) * 31 + placed.call().valuesHash();
        }
        for (WatchedKey watched : watches) {
            hash = hash * 31 + watched.keyHash();
        }
        return hash;
    }

    @Override
    public void eachPartition(IntConsumer partitions) {
        for (int partition : written) {
            partitions.accept(partition);
        }
    }

    @Override
    public void reset() {
        super.reset();
        commands = List.of();
        watches = List.of();
        watchChanged = false;
        written = NONE;
    }

    /** Forgets the answer only. */
    public void resetAnswer() {
        watchChanged = false;
        written = NONE;
        for (PlacedCommand placed : commands) {
            placed.call().resetAnswer();
        }
    }

    @Override
    public String toString() {
        return "batch of " + commands.size() + " commands, watches=" + watches.size();
    }
}
