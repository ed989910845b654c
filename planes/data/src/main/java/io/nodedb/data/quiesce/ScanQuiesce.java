package io.nodedb.data.quiesce;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open scans of each collection. A collection that is dropped for good is marked as
 * <em>draining</em>: it gives out no further permit, and its drain completes when the last open
 * scan has ended.
 *
 * <pre>
 *   OPEN ──drain──► DRAINING ──last scan leaves──► drained
 *     ▲                 │
 *     └────── clear ────┘
 * </pre>
 */
@Shared("one monitor; held for a look-up")
public final class ScanQuiesce {
    private final Map<Integer, Gate> gates = new HashMap<>();

    /** Takes a scan's permit; false when the collection is draining. */
    public synchronized boolean enter(int collection) {
        Gate gate = gates.computeIfAbsent(collection, id -> new Gate());
        if (gate.drained != null) {
            return false;
        }
        gate.open++;
        return true;
    }

    /** Gives a permit back. */
    public void leave(int collection) {
        CompletableFuture<Void> drained = null;
        synchronized (this) {
            Gate gate = gates.get(collection);
            Check.that(gate != null && gate.open > 0, "a permit is given back once", collection);
            Gate entered = java.util.Objects.requireNonNull(gate);
            entered.open--;
            if (entered.open == 0) {
                drained = entered.drained;
                if (drained == null) {
                    gates.remove(collection);
                }
            }
        }
        if (drained != null) {
            drained.complete(null);
        }
    }

    /**
     * Marks the collection as draining; completes when its last open scan has ended. A second call
     * joins the first.
     */
    public CompletionStage<Void> drain(int collection) {
        CompletableFuture<Void> drained;
        boolean empty;
        synchronized (this) {
            Gate gate = gates.computeIfAbsent(collection, id -> new Gate());
            if (gate.drained == null) {
                gate.drained = new CompletableFuture<>();
            }
            drained = gate.drained;
            empty = gate.open == 0;
        }
        if (empty) {
            drained.complete(null);
        }
        return drained;
    }

    /** Clears the mark: the drop was given up, or is complete. */
    public synchronized void clear(int collection) {
        Gate gate = gates.get(collection);
        if (gate == null) {
            return;
        }
        gate.drained = null;
        if (gate.open == 0) {
            gates.remove(collection);
        }
    }

    /** Open scans of a collection. */
    public synchronized int open(int collection) {
        Gate gate = gates.get(collection);
        return gate == null ? 0 : gate.open;
    }

    private static final class Gate {
        int open;
        @Nullable CompletableFuture<Void> drained;
    }
}
