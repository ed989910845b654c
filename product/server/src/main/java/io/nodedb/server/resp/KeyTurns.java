package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose turn it is at keys that commands over several partitions write: first come, first served,
 * key by key. Who comes queues at all its keys at once, so nobody waits in a circle. It keeps such
 * commands from undoing each other's attempts, and decides nothing about correctness.
 */
@Shared("one lock, held for a few map operations; whoever's turn comes is told outside of it")
final class KeyTurns {
    private final Map<DatabaseKey, ArrayDeque<Ticket>> queues = new HashMap<>();

    /**
     * Queues at all of {@code keys}, which must not change any more. {@code comes} runs when all of
     * them are free, perhaps at once, on the thread of this caller or of whoever gave a key back.
     */
    Ticket take(Set<DatabaseKey> keys, Runnable comes) {
        List<DatabaseKey> places = List.copyOf(keys);
        Ticket ticket = new Ticket(this, places, comes);
        synchronized (queues) {
            for (DatabaseKey place : places) {
                ArrayDeque<Ticket> queue =
                        queues.computeIfAbsent(place, absent -> new ArrayDeque<>());
                if (!queue.isEmpty()) {
                    ticket.waitsFor++;
                }
                queue.addLast(ticket);
            }
            if (ticket.waitsFor > 0) {
                return ticket;
            }
        }
        comes.run();
        return ticket;
    }

    private void giveBack(Ticket ticket) {
        List<Ticket> next = new ArrayList<>();
        synchronized (queues) {
            for (DatabaseKey place : ticket.places) {
                ArrayDeque<Ticket> queue = queues.get(place);
                if (queue == null || queue.peekFirst() != ticket) {
                    throw new IllegalStateException("a turn is given back once");
                }
                queue.removeFirst();
                Ticket first = queue.peekFirst();
                if (first == null) {
                    queues.remove(place);
                } else if (--first.waitsFor == 0) {
                    next.add(first);
                }
            }
        }
        next.forEach(first -> first.comes.run());
    }

    /** Keys that somebody holds or waits for. */
    int size() {
        synchronized (queues) {
            return queues.size();
        }
    }

    /** A place in the queues of some keys. */
    static final class Ticket {
        private final KeyTurns turns;
        private final List<DatabaseKey> places;
        private final Runnable comes;

        /** Queues in which somebody stands before this; under the lock. */
        private int waitsFor;

        private Ticket(KeyTurns turns, List<DatabaseKey> places, Runnable comes) {
            this.turns = turns;
            this.places = places;
            this.comes = comes;
        }

        /** When the turn has come and is over. */
        void giveBack() {
            turns.giveBack(this);
        }
    }
}
