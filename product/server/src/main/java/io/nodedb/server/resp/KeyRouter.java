package io.nodedb.server.resp;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.dispatch.Router;
import io.nodedb.plan.kv.command.KeyPlaces;

/** Finds the partition that a command's keys live in. Belongs to one connection. */
@ControlPlane
final class KeyRouter {
    /** The keys are in several partitions. */
    static final int SEVERAL = -1;

    /** The number of keys is no number, too large or not positive: the engine tells which. */
    private static final int UNREADABLE = -1;

    private final Router router;
    private final boolean single;
    private byte[] scratch = new byte[128];

    KeyRouter(Router router) {
        this.router = router;
        this.single = router.partitions() == 1;
    }

    int coreOf(int partition) {
        return router.coreOf(partition);
    }

    /** The partition of all the command's keys, or {@link #SEVERAL}. */
    int partitionOf(KeyPlaces places, CommandInput input) {
        if (single) {
            return 0;
        }
        if (places.isFirstArgument()) {
            return partitionOfKey(input, 1);
        }
        int partition = SEVERAL;
        int keys = keyCount(places, input);
        for (int i = 0; i < keys; i++) {
            int next = partitionOfKey(input, keyPlace(places, input, i));
            if (i > 0 && next != partition) {
                return SEVERAL;
            }
            partition = next;
        }
        // Without keys any partition can tell what is wrong with the command.
        return keys == 0 ? 0 : partition;
    }

    /** How many keys the command names. */
    static int keyCount(KeyPlaces places, CommandInput input) {
        if (!places.counted()) {
            int last = places.last() < 0 ? input.count() + places.last() : places.last();
            return last < places.first() ? 0 : (last - places.first()) / places.step() + 1;
        }
        int before = places.destination() ? 1 : 0;
        int number = numberOfKeys(input, places.number() + 1);
        return number == UNREADABLE ? before : before + number;
    }

    private static int numberOfKeys(CommandInput input, int place) {
        int length = place < input.count() ? input.length(place) : 0;
        if (length == 0 || length > 9) {
            return UNREADABLE;
        }
        int number = 0;
        for (int i = 0; i < length; i++) {
            int digit = input.buffer().getByte(input.offset(place) + i) - '0';
            if (digit < 0 || digit > 9) {
                return UNREADABLE;
            }
            number = number * 10 + digit;
        }
        return number <= input.count() - place - 1 ? number : UNREADABLE;
    }

    /** The place of the {@code index}-th key. */
    static int keyPlace(KeyPlaces places, CommandInput input, int index) {
        return places.argument(index) + 1;
    }

    /** The partition of the key that is this argument. */
    int partitionOfKey(CommandInput input, int place) {
        return single ? 0 : router.partitionOf(hashOf(input, place));
    }

    long hashOf(CommandInput input, int place) {
        int length = input.length(place);
        if (length > scratch.length) {
            scratch = new byte[Math.max(length, 2 * scratch.length)];
        }
        input.copy(place, scratch, 0);
        return KeyHash.of(scratch, 0, length);
    }
}
