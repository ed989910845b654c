package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** The clients that wait for one key, in the order in which they came. */
@CoreOwned
final class KeyQueue {
    final WaitedKey key;

    /** It is among the keys that have been written and may have something. */
    boolean ready;

    private final LinkedHashSet<WaitingClient> clients = new LinkedHashSet<>();

    KeyQueue(WaitedKey key) {
        this.key = key;
    }

    void add(WaitingClient client) {
        clients.add(client);
    }

    void remove(WaitingClient client) {
        clients.remove(client);
    }

    boolean isEmpty() {
        return clients.isEmpty();
    }

    /** Who has waited longest; null when nobody waits. */
    @Nullable WaitingClient first() {
        return clients.isEmpty() ? null : clients.getFirst();
    }
}
