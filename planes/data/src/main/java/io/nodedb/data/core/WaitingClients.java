package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.SectionedEffects;
import io.nodedb.data.commit.WrittenKeys;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.WaitTicket;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands that wait until one of their keys has something: the core holds their requests, first
 * come, first served, key by key. A write of such a key makes it ready; before anything else runs
 * on the core, {@link #next} gives those who are to be tried, the longest waiting first, until
 * there is nothing left for them.
 *
 * <pre>
 *   park ──▶ waits ──▶ written: next ──▶ executed ─┬─▶ answered, gone
 *              ▲                                   ├─▶ nothing there: waits on
 *              │                                   └─▶ told only (it reads): keeps its place
 *              └────────── parks again ◀──────────────────────┘        └─▶ end
 * </pre>
 *
 * <p>A client whose ticket somebody else has decided is passed over. Nobody waiting costs one
 * comparison per write. How many may wait is bounded by the lanes' requests.
 */
@CoreOwned
final class WaitingClients implements WrittenKeys {
    /** A sign of life for who waits: nobody asks for another. */
    private static final long FOR_EVER_NANOS = Long.MAX_VALUE / 2;

    private static final int LISTS = WaitedKey.typeOf(Command.BLPOP);
    private static final int SORTED_SETS = WaitedKey.typeOf(Command.BZPOPMIN);

    /** Where a client waits. */
    record Place(WaitTicket ticket, int partition) {}

    private final Responder responder;

    /** In the order of their coming; one may wait in several partitions of the core. */
    private final Map<Place, WaitingClient> clients = new LinkedHashMap<>();

    private final Map<WaitedKey, KeyQueue> queues = new HashMap<>();
    private final ArrayDeque<KeyQueue> ready = new ArrayDeque<>();
    private final WaitedKey wanted = new WaitedKey();
    private final EffectReader reader = new EffectReader();
    private @Nullable WaitingClient tried;

    WaitingClients(Responder responder) {
        this.responder = responder;
    }

    /** Clients that wait here. */
    int size() {
        return clients.size();
    }

    /** May anybody be served? */
    boolean anyReady() {
        return !ready.isEmpty();
    }

    /** A command found nothing: it waits from now on, or on. */
    void park(Request<Call> request, CommandCall call, WaitTicket ticket, long nowNanos) {
        request.renewLease(nowNanos + FOR_EVER_NANOS);
        Place place = new Place(ticket, request.partition);
        WaitingClient known = clients.get(place);
        if (known != null) {
            known.request = request;
            return;
        }
        WaitingClient client = new WaitingClient(place, call.collection);
        client.request = request;
        clients.put(place, client);
        int keys = waitedKeys(call);
        for (int i = 0; i < keys; i++) {
            WaitedKey key =
                    WaitedKey.of(
                            call.collection,
                            call.command,
                            call.arguments,
                            call.command.keys().argument(i));
            KeyQueue queue = queues.computeIfAbsent(key, KeyQueue::new);
            queue.add(client);
            client.queues.add(queue);
        }
        ticket.stand();
    }

    private static int waitedKeys(CommandCall call) {
        return switch (call.command) {
            case BLMOVE, BRPOPLPUSH -> 1;
            default -> call.command.keys().keys(call.arguments);
        };
    }

    /**
     * Does somebody else go for what one of the keys has? Who comes then, and could wait, stands
     * behind.
     */
    boolean comesAfterOthers(CommandCall call, WaitTicket ticket, int partition) {
        if (clients.isEmpty() || clients.containsKey(new Place(ticket, partition))) {
            return false;
        }
        Arguments arguments = call.arguments;
        for (int i = 0; i < waitedKeys(call); i++) {
            int argument = call.command.keys().argument(i);
            wanted.set(
                    call.collection,
                    WaitedKey.typeOf(call.command),
                    arguments.bytes(),
                    arguments.offset(argument),
                    arguments.length(argument));
            KeyQueue queue = queues.get(wanted);
            WaitingClient first = queue == null ? null : queue.first();
            if (first != null && first.request == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * A command that has waited, or has not had to, is answered. One that only reads has told its
     * client that there is something; the client keeps its place until it ends or comes back.
     */
    void answered(CommandCall call, WaitTicket ticket, int partition) {
        WaitingClient client = clients.get(new Place(ticket, partition));
        if (client != null) {
            client.request = null;
            if (call.writes()) {
                forget(client);
            }
        }
    }

    /** A command fails, and is answered, by whoever noticed: it waits no longer. */
    void abandoned(Request<Call> request) {
        if (clients.isEmpty()
                || !(request.payload instanceof CommandCall call)
                || call.ticket == null) {
            return;
        }
        gone(call.ticket, request.partition);
    }

    /** A command is answered that somebody else has decided. */
    void gone(WaitTicket ticket, int partition) {
        WaitingClient client = clients.get(new Place(ticket, partition));
        if (client != null) {
            client.request = null;
            forget(client);
        }
    }

    /** The client waits no longer. */
    void end(WaitTicket ticket, int partition) {
        WaitingClient client = clients.get(new Place(ticket, partition));
        if (client == null) {
            return;
        }
        Request<Call> request = client.request;
        client.request = null;
        forget(client);
        if (request != null) {
            CommandCall call = (CommandCall) request.payload;
            call.resetAnswer();
            call.reply.nil();
            Disposition ignored = responder.succeed(request, 0);
        }
    }

    private void forget(WaitingClient client) {
        clients.remove(client.place);
        for (KeyQueue queue : client.queues) {
            boolean wasFirst = queue.first() == client;
            queue.remove(client);
            if (queue.isEmpty()) {
                queues.remove(queue.key);
            } else if (wasFirst) {
                // What it did not take, or kept others from, is the next one's.
                makeReady(queue);
            }
        }
    }

    private void makeReady(KeyQueue queue) {
        if (!queue.ready) {
            queue.ready = true;
            ready.add(queue);
        }
    }

    @Override
    public void written(SectionedEffects effects) {
        if (clients.isEmpty()) {
            return;
        }
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                if (reader.kind() != EffectFormat.DELETE
                        && (reader.form() & EffectFormat.PART) == 0) {
                    written(LISTS);
                    written(SORTED_SETS);
                }
            }
        }
    }

    private void written(int type) {
        wanted.set(
                reader.collection(), type, reader.buffer(), reader.keyOffset(), reader.keyLength());
        KeyQueue queue = queues.get(wanted);
        if (queue != null) {
            makeReady(queue);
        }
    }

    /** The next command to try, which says {@link #tried} then; null when there is none. */
    @Nullable Request<Call> next() {
        for (KeyQueue queue = ready.peek(); queue != null; queue = ready.peek()) {
            WaitingClient first = queue.first();
            Request<Call> request = first == null ? null : first.request;
            if (first != null && request != null) {
                tried = first;
                ((CommandCall) request.payload).onlyKey = first.queues.indexOf(queue);
                return request;
            }
            done();
        }
        return null;
    }

    private void done() {
        ready.remove().ready = false;
    }

    /**
     * What became of the command that {@link #next} gave.
     *
     * @return false when it can't be executed now: it is tried again in the next turn
     */
    boolean tried(Request<Call> request, Disposition disposition) {
        WaitingClient client = tried;
        tried = null;
        switch (disposition) {
            case PARKED -> done();
            case WAIT_FOR_LOG,
                    WAIT_FOR_LOCK,
                    WAIT_FOR_TURN,
                    WAIT_FOR_FILES,
                    WAIT_FOR_DURABLE,
                    WAIT_FOR_BATCH,
                    WAIT_FOR_CREDIT -> {
                return false;
            }
            case DONE, DECIDED_LATER, REFUSED -> {
                if (client != null && client.request == request) {
                    // It failed, and is answered.
                    client.request = null;
                    forget(client);
                }
            }
            case YIELD, READING -> {
                if (client != null) {
                    client.request = null;
                }
            }
        }
        return true;
    }

    /** The collection is gone: those who wait there are told so, in the order of their coming. */
    void dropped(int collection) {
        fail(collection, ErrorCode.NOT_FOUND, "the collection was dropped");
    }

    /** Nobody can be served any more. */
    void failAll(ErrorCode code, String message) {
        fail(0, code, message);
    }

    private void fail(int collection, ErrorCode code, String message) {
        List<WaitingClient> chosen = new ArrayList<>(clients.values());
        for (WaitingClient client : chosen) {
            if (collection == 0 || client.collection == collection) {
                Request<Call> request = client.request;
                client.request = null;
                forget(client);
                if (request != null) {
                    Disposition ignored = responder.fail(request, code, message, 0);
                }
            }
        }
    }
}
