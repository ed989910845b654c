package io.nodedb.server.resp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What all RESP connections share. */
@Shared("immutable, volatile, or safe itself")
final class RespServer {
    /** The version whose behaviour clients find. */
    static final String REDIS_VERSION = "7.0.15";

    private static final long NANOS_PER_MICRO = 1_000;
    private static final Logger LOG = System.getLogger(RespServer.class.getName());

    private final ControlPlane control;
    private final TimeSource time;
    private final RespLimits limits;
    private final Passwords passwords;
    private final RespClients clients = new RespClients();
    private final RespStatistics statistics = new RespStatistics();
    private final CommandDispatcher dispatcher;
    private final long outputLimitBytes;
    private final long startedMillis;
    private final Flusher flusher;
    private final Databases databases;
    private final Spread spread = new Spread();
    private final ScratchPool scratches;
    private final KeyTurns keyTurns = new KeyTurns();
    private final List<RespLane> lanes = new CopyOnWriteArrayList<>();
    private final PubSub pubSub = new PubSub();
    private final SlowLog slowLog = new SlowLog();
    private final Monitors monitors = new Monitors();
    private final QueueBudget queueBudget = QueueBudget.ofHeap();
    private final MemoryGovernor memory;
    private final int maxConnections;
    private volatile byte durability;
    private volatile long idleMillis;
    private volatile long requestTimeoutNanos = TimeUnit.SECONDS.toNanos(30);

    RespServer(
            ControlPlane control,
            TimeSource time,
            RespLimits limits,
            Passwords passwords,
            MemoryGovernor memory,
            int maxConnections,
            long outputLimitBytes,
            boolean sync) {
        this.control = control;
        this.time = time;
        this.limits = limits;
        this.passwords = passwords;
        this.memory = memory;
        this.scratches = new ScratchPool(memory, time);
        this.maxConnections = maxConnections;
        this.outputLimitBytes = outputLimitBytes;
        this.durability = sync ? Durability.SYNC : Durability.ASYNC;
        this.startedMillis = time.epochMillis();
        this.dispatcher =
                new CommandDispatcher(
                        CommandTable.of(
                                List.of(
                                        ConnectionFamily.commands(),
                                        ClientFamily.commands(),
                                        KeyspaceFamily.commands(),
                                        TransferFamily.commands(),
                                        ServerFamily.commands(),
                                        PubSubFamily.commands(),
                                        TransactionFamily.commands())));
        this.flusher = new Flusher(control.catalog());
        this.databases = new Databases(control.catalog());
        CollectionInfo ignored =
                control.createCollection(Databases.name(0), CollectionOptions.KEY_VALUE);
    }

    ControlPlane control() {
        return control;
    }

    TimeSource time() {
        return time;
    }

    RespLimits limits() {
        return limits;
    }

    Passwords passwords() {
        return passwords;
    }

    RespClients clients() {
        return clients;
    }

    RespStatistics statistics() {
        return statistics;
    }

    CommandDispatcher dispatcher() {
        return dispatcher;
    }

    /** Runs commands whose keys live in several partitions. */
    Spread spread() {
        return spread;
    }

    /** Whose turn it is to write several keys. */
    KeyTurns keyTurns() {
        return keyTurns;
    }

    ByteBufAllocator alloc() {
        return PooledByteBufAllocator.DEFAULT;
    }

    /** Of what clients queue in transactions. */
    QueueBudget queueBudget() {
        return queueBudget;
    }

    long outputLimitBytes() {
        return outputLimitBytes;
    }

    long startedMillis() {
        return startedMillis;
    }

    /** Clients share one tenant until there are users. */
    int tenant() {
        return 0;
    }

    /** A constant of {@link Durability}. */
    byte durability() {
        return durability;
    }

    void setDurability(byte choice) {
        durability = choice;
    }

    long requestTimeoutNanos() {
        return requestTimeoutNanos;
    }

    void setRequestTimeoutNanos(long nanos) {
        requestTimeoutNanos = nanos;
    }

    /** All of them, each once. */
    List<RespLane> lanes() {
        return lanes;
    }

    Flusher flusher() {
        return flusher;
    }

    Databases databases() {
        return databases;
    }

    PubSub pubSub() {
        return pubSub;
    }

    SlowLog slowLog() {
        return slowLog;
    }

    Monitors monitors() {
        return monitors;
    }

    int maxConnections() {
        return maxConnections;
    }

    /** Where commands over several partitions are computed. */
    ScratchPool scratches() {
        return scratches;
    }

    /** Governed memory, off the heap. */
    long memoryUsedBytes() {
        return memory.used();
    }

    long memoryLimitBytes() {
        return memory.limit();
    }

    /** 0: idle clients stay. */
    long idleMillis() {
        return idleMillis;
    }

    void setIdleMillis(long millis) {
        idleMillis = millis;
    }

    /** The collection of database 0. */
    void selectFirst(ClientState state) {
        state.select(0, Databases.name(0));
    }

    /** {@code SELECT}: a number or a collection's name; the reply may come later. */
    void select(RespConnection connection, String which) {
        if (KeyspaceFamily.signed(which) == null) {
            selectNamed(connection, which);
            return;
        }
        String error = Databases.error(which);
        if (!error.isEmpty()) {
            connection.replyError(error);
            return;
        }
        int number = Integer.parseInt(which);
        PendingReply reply = connection.append();
        connection.hold();
        databases.open(
                connection,
                number,
                (info, failure) -> {
                    Reply content = connection.build();
                    if (info == null) {
                        content.error(failure);
                    } else {
                        connection.state().select(number, info.name());
                        content.ok();
                    }
                    connection.answer(reply, content);
                    connection.release();
                });
    }

    /**
     * Of a collection that a client can't be served from now: will it be, in a moment? It is being
     * emptied, so that a new one will have its name, or has it already. Not when the new one is
     * gone as well, or another engine's collection has the name. A database with a number that was
     * dropped is made again, as SELECT does.
     */
    boolean comesBack(ClientState state) {
        String name = state.collectionName();
        CollectionInfo now = control.catalog().state().live(name);
        if (now != null) {
            return Databases.isServed(now);
        }
        int successor = flusher.successor(state.collection());
        if (successor == Flusher.SOON) {
            return true;
        }
        if (Databases.isDatabase(name)) {
            if (successor == Flusher.NONE) {
                databases.makeAgain(name);
            }
            return true;
        }
        // A successor is in the catalog before it is told of; it is not there if it was made
        // after the look, or is being replaced itself.
        return successor != Flusher.NONE
                && (control.catalog().state().live(name) != null
                        || flusher.successor(successor) != Flusher.NONE);
    }

    private void selectNamed(RespConnection connection, String name) {
        CollectionInfo known = control.catalog().state().live(name);
        if (known == null) {
            connection.replyError(ErrorTexts.NOT_INTEGER);
        } else if (!Databases.isServed(known)) {
            connection.replyError(Databases.notServed(name));
        } else {
            connection.state().select(known);
            connection.replyOk();
        }
    }

    /** Lane: a command has its answer. */
    void answered(RespConnection connection, Request<Call> request, long nanos) {
        if (slowLog.isSlow(nanos / NANOS_PER_MICRO)
                && request.payload instanceof CommandCall call) {
            SlowCommand.tell(connection, call.command.commandName(), call.arguments, nanos);
        }
    }

    void unexpected(Request<Call> request) {
        LOG.log(Level.ERROR, "An answer came that nobody waits for: id=" + request.id);
    }
}
