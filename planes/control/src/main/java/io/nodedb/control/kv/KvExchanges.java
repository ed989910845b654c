package io.nodedb.control.kv;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.control.dispatch.Router;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Prepares key-value exchanges and runs them. A waiting caller's exchange is its thread's own and
 * reused, so that the way there and back allocates nothing but the value; those of callers that do
 * not wait come from a pool, with the buffers for answers that the cores have once made.
 */
@Shared("one exchange per thread; a concurrent pool")
public final class KvExchanges {
    /** Exchanges kept for callers that do not wait: as many as a core's ring holds. */
    private static final int POOLED = 4096;

    private static final ThreadLocal<OfThread> MINE = ThreadLocal.withInitial(OfThread::new);

    private final Dispatcher dispatcher;
    private final Router router;
    private final TimeSource time;
    private final CommitDurability databaseDurability;
    private final MpmcVarHandleArrayQueue<Exchange<KvCall>> idle =
            new MpmcVarHandleArrayQueue<>(POOLED);

    /**
     * @param databaseDurability what commits do when neither caller nor collection says
     */
    public KvExchanges(
            Dispatcher dispatcher,
            Router router,
            TimeSource time,
            CommitDurability databaseDurability) {
        this.dispatcher = dispatcher;
        this.router = router;
        this.time = time;
        this.databaseDurability = databaseDurability.orElse(CommitDurability.SYNC);
    }

    public TimeSource time() {
        return time;
    }

    /** What a commit to {@code collection} under {@code options} does. */
    public CommitDurability durability(CollectionInfo collection, CallOptions options) {
        return options.durability().orElse(collection.durability()).orElse(databaseDurability);
    }

    /**
     * This thread's exchange, filled with the operation and its key; {@link #run} gives it back.
     */
    public Exchange<KvCall> begin(
            KvOp op, CollectionInfo collection, byte[] key, CallOptions options) {
        return fill(MINE.get().take(), op, collection, key, options);
    }

    /**
     * An exchange for a caller that does not wait: what one thread sends takes effect in the order
     * of sending. {@link #runAsync} gives it back.
     */
    public Exchange<KvCall> beginAsync(
            KvOp op, CollectionInfo collection, byte[] key, CallOptions options) {
        Exchange<KvCall> pooled = idle.relaxedPoll();
        Exchange<KvCall> exchange = pooled != null ? pooled : new Exchange<>(new KvCall());
        exchange.session = Thread.currentThread().threadId();
        return fill(exchange, op, collection, key, options);
    }

    /** As {@link #begin}, for a read at a snapshot before an absolute deadline. */
    public Exchange<KvCall> beginAt(
            KvOp op,
            CollectionInfo collection,
            byte[] key,
            CallOptions options,
            SnapshotHandle snapshot,
            long deadlineNanos) {
        return at(begin(op, collection, key, options), snapshot, deadlineNanos);
    }

    /** As {@link #beginAsync}, for a read at a snapshot before an absolute deadline. */
    public Exchange<KvCall> beginAsyncAt(
            KvOp op,
            CollectionInfo collection,
            byte[] key,
            CallOptions options,
            SnapshotHandle snapshot,
            long deadlineNanos) {
        return at(beginAsync(op, collection, key, options), snapshot, deadlineNanos);
    }

    private static Exchange<KvCall> at(
            Exchange<KvCall> exchange, SnapshotHandle snapshot, long deadlineNanos) {
        exchange.readLsn = snapshot.lsn();
        exchange.snapshotSlot = snapshot.slot();
        exchange.deadlineNanos = deadlineNanos;
        exchange.idempotencyKey = null;
        return exchange;
    }

    /** Runs an exchange of {@link #begin} and maps its answer. */
    public <R extends @Nullable Object> R run(
            Exchange<KvCall> exchange, Function<Exchange<KvCall>, R> result) {
        try {
            dispatcher.call(router.coreOf(exchange.partition), exchange);
            return result.apply(exchange);
        } finally {
            MINE.get().giveBack(exchange);
        }
    }

    /** Runs an exchange of {@link #beginAsync}; the future completes on the lane thread. */
    public <R extends @Nullable Object> CompletableFuture<R> runAsync(
            Exchange<KvCall> exchange, Function<Exchange<KvCall>, R> result) {
        CompletableFuture<R> future = new CompletableFuture<>();
        dispatcher.send(
                router.coreOf(exchange.partition),
                exchange,
                answered -> {
                    if (answered.errorCode() != 0) {
                        RuntimeException failure = answered.failure();
                        giveBack(exchange);
                        future.completeExceptionally(failure);
                    } else {
                        completeWith(future, exchange, result);
                    }
                });
        return future;
    }

    private <R extends @Nullable Object> void completeWith(
            CompletableFuture<R> future,
            Exchange<KvCall> exchange,
            Function<Exchange<KvCall>, R> result) {
        R value;
        try {
            value = result.apply(exchange);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
            return;
        }
        // Before the caller's code runs, which may send again.
        giveBack(exchange);
        future.complete(value);
    }

    private void giveBack(Exchange<KvCall> used) {
        if (!used.callMayBeInUse()) {
            used.call.reset();
            boolean ignored = idle.relaxedOffer(used);
        }
    }

    private Exchange<KvCall> fill(
            Exchange<KvCall> exchange,
            KvOp op,
            CollectionInfo collection,
            byte[] key,
            CallOptions options) {
        exchange.call.op = op;
        exchange.call.collection = collection.id();
        exchange.call.setKey(key, 0, key.length);
        exchange.envelope(options, time.nanoTime());
        exchange.durability = durability(collection, options).number();
        exchange.partition = router.partitionOf(exchange.call.keyHash);
        exchange.readLsn = 0;
        exchange.snapshotSlot = -1;
        return exchange;
    }

    /** The answered value, or null when the key was absent. */
    public static byte @Nullable [] value(Exchange<KvCall> exchange) {
        KvCall call = exchange.call;
        if (!call.found) {
            return null;
        }
        return exchange.hasParts()
                ? exchange.takeParts(call.resultLength)
                : Arrays.copyOf(call.result, call.resultLength);
    }

    public static boolean found(Exchange<KvCall> exchange) {
        return exchange.call.found;
    }

    public static boolean applied(Exchange<KvCall> exchange) {
        return exchange.call.applied;
    }

    /** The answered number; the answer to an EXPIRY of an absent key is {@link #ABSENT}. */
    public static long number(Exchange<KvCall> exchange) {
        return exchange.call.resultNumber;
    }

    /** Epoch milliseconds of a key's expiry, 0 for none, {@link #ABSENT} when there is no key. */
    public static long expiry(Exchange<KvCall> exchange) {
        return exchange.call.found ? exchange.call.resultNumber : ABSENT;
    }

    /** Answer of {@link #expiry} for a key that is not there. */
    public static final long ABSENT = -1;

    /**
     * One thread's exchange. A nested use (a simulated wait that runs another caller) gets a new
     * one.
     */
    private static final class OfThread {
        private Exchange<KvCall> exchange = new Exchange<>(new KvCall());
        private boolean taken;

        Exchange<KvCall> take() {
            if (taken) {
                return new Exchange<>(new KvCall());
            }
            taken = true;
            return exchange;
        }

        void giveBack(Exchange<KvCall> used) {
            if (used != exchange) {
                return;
            }
            if (used.callMayBeInUse()) {
                exchange = new Exchange<>(new KvCall());
            } else {
                exchange.call.reset();
            }
            taken = false;
        }
    }
}
