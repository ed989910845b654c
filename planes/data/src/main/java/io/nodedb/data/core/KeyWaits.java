package io.nodedb.data.core;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.plan.kv.command.WatchedKey;

/**
 * Tells which calls must wait because of keys that somebody holds: writes for every holder, reads
 * of the newest state only where that is applied and not decided. Costs one comparison while no key
 * is held.
 */
@CoreOwned
final class KeyWaits {
    private final CommitPath commits;

    KeyWaits(CommitPath commits) {
        this.commits = commits;
    }

    /** {@code readLsn} 0 reads the newest state. */
    boolean mustWait(Call call, long readLsn) {
        if (!commits.anyLocked()) {
            return false;
        }
        if (call instanceof KvCall kv) {
            return waits(
                    call.writes(), readLsn, kv.collection, kv.key, 0, kv.keyLength, kv.keyHash);
        }
        return call instanceof CommandCall command && mustWait(command, readLsn);
    }

    private boolean mustWait(CommandCall call, long readLsn) {
        Arguments arguments = call.arguments;
        int keys = call.command.keys().keys(arguments);
        for (int i = 0; i < keys; i++) {
            int argument = call.command.keys().argument(i);
            int from = arguments.offset(argument);
            int length = arguments.length(argument);
            long hash = KeyHash.of(arguments.bytes(), from, length);
            if (waits(
                    call.writes(),
                    readLsn,
                    call.collection,
                    arguments.bytes(),
                    from,
                    length,
                    hash)) {
                return true;
            }
        }
        return false;
    }

    private boolean waits(
            boolean writes,
            long readLsn,
            int collection,
            byte[] bytes,
            int from,
            int length,
            long hash) {
        if (writes) {
            return commits.locked(collection, bytes, from, length, hash);
        }
        return readLsn == 0 && commits.hidden(collection, bytes, from, length, hash);
    }

    /** A batch begins only when all its keys are free: it holds none while it waits. */
    boolean mustWait(CommandBatchCall call) {
        if (!commits.anyLocked()) {
            return false;
        }
        boolean[] held = new boolean[1];
        eachKey(
                call,
                (collection, bytes, from, length) ->
                        held[0] |=
                                commits.locked(
                                        collection,
                                        bytes,
                                        from,
                                        length,
                                        KeyHash.of(bytes, from, length)));
        return held[0];
    }

    /** Takes a key of a batch. */
    interface KeySink {
        void key(int collection, byte[] bytes, int from, int length);
    }

    /** Names all keys of a batch, read, written and watched; some more than once. */
    static void eachKey(CommandBatchCall call, KeySink sink) {
        for (PlacedCommand placed : call.commands) {
            CommandCall command = placed.call();
            Command of = command.command;
            Arguments arguments = command.arguments;
            int keys = of.keys().keys(arguments);
            for (int i = 0; i < keys; i++) {
                int argument = of.keys().argument(i);
                sink.key(
                        command.collection,
                        arguments.bytes(),
                        arguments.offset(argument),
                        arguments.length(argument));
            }
        }
        for (WatchedKey watched : call.watches) {
            sink.key(watched.collection(), watched.key(), 0, watched.key().length);
        }
    }
}
