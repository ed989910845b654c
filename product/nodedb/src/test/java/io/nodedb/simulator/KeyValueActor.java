package io.nodedb.simulator;

import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.kv.KvClient;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.simulator.ClientOperation.Kind;
import io.nodedb.simulator.ClientOperation.Outcome;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A client with one request under way. A write with an idempotency key whose outcome stayed open is
 * sent again with the same key, also after a restart, until it is answered.
 */
final class KeyValueActor extends Actor {
    private static final Kind[] KINDS = Kind.values();

    private final SplittableRandom random;
    private final Workload workload;
    private @Nullable SimulatedLife life;
    private @Nullable ClientOperation underWay;
    private @Nullable ClientOperation toRepeat;

    KeyValueActor(String name, Workload workload, SplittableRandom random) {
        super(name);
        this.workload = workload;
        this.random = random;
    }

    @Override
    void attach(SimulatedLife newLife) {
        life = newLife;
    }

    @Override
    void detach() {
        life = null;
        ClientOperation open = underWay;
        underWay = null;
        if (open != null && open.idempotencyKey != null) {
            toRepeat = open;
        }
    }

    @Override
    boolean idle() {
        return underWay == null;
    }

    @Override
    boolean step() {
        SimulatedLife now = life;
        if (now == null || underWay != null || random.nextInt(4) == 0) {
            return false;
        }
        ClientOperation operation = toRepeat;
        toRepeat = null;
        if (operation == null) {
            operation = next();
            operation.startLsn = now.progress().durableLsn();
            workload.acknowledgements().add(operation);
        } else {
            // A power loss may have taken back what was durable when it was first sent.
            operation.startLsn = Math.min(operation.startLsn, now.progress().durableLsn());
        }
        operation.outcome = Outcome.OPEN;
        underWay = operation;
        send(now, operation);
        return true;
    }

    private ClientOperation next() {
        String collection = workload.collection(random);
        boolean documents = collection.equals(SimulatedLife.DOCUMENTS);
        boolean async =
                random.nextInt(4) == 0
                        ? random.nextBoolean()
                        : collection.equals(SimulatedLife.ASYNC);
        boolean counter = random.nextInt(4) == 0;
        Kind kind = counter ? Kind.INCREMENT : KINDS[random.nextInt(KINDS.length)];
        if (random.nextInt(3) == 0) {
            kind = counter ? Kind.INCREMENT : Kind.PUT;
        }
        if (documents && (kind == Kind.INCREMENT || kind == Kind.EXPIRE)) {
            kind = random.nextBoolean() ? Kind.GET : Kind.PUT;
        }
        String key =
                switch (kind) {
                    case INCREMENT -> workload.counterKey(random);
                    case EXPIRE -> workload.timedKey(random);
                    default ->
                            !documents && random.nextInt(6) == 0
                                    ? workload.timedKey(random)
                                    : workload.key(random);
                };
        ClientOperation operation = new ClientOperation(name(), kind, collection, key, async);
        switch (kind) {
            case PUT, PUT_IF_ABSENT, GET_AND_PUT, COMPARE_AND_PUT ->
                    operation.written = workload.value(random);
            default -> {}
        }
        if (kind == Kind.COMPARE_AND_PUT || kind == Kind.COMPARE_AND_DELETE) {
            operation.expected = workload.guess(operation.key, random);
        }
        boolean timed = key.startsWith("t");
        if (kind == Kind.EXPIRE || (timed && kind == Kind.PUT)) {
            operation.expireAtMillis = life().time().epochMillis() + 1 + random.nextInt(400);
            workload.history().mayExpire(operation.key, operation.expireAtMillis);
        }
        if (kind != Kind.GET && random.nextInt(3) == 0) {
            operation.idempotencyKey = Values.bytes("i" + workload.nextNumber());
        }
        return operation;
    }

    private SimulatedLife life() {
        SimulatedLife now = life;
        if (now == null) {
            throw new AssertionError(name() + " is not attached");
        }
        return now;
    }

    private void send(SimulatedLife now, ClientOperation operation) {
        long timeout =
                random.nextInt(10) == 0
                        ? 1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(30))
                        : TimeUnit.SECONDS.toNanos(30);
        CallOptions options =
                CallOptions.DEFAULT
                        .withTimeoutNanos(timeout)
                        .withDurability(
                                operation.async ? CommitDurability.ASYNC : CommitDurability.SYNC)
                        .withIdempotencyKey(operation.idempotencyKey);
        KvClient client =
                now.kernel().control().keyValue(now.collection(operation.collection), options);
        byte[] key = Values.bytes(operation.bareKey());
        switch (operation.kind) {
            case GET ->
                    complete(
                            operation,
                            client.getAsync(key),
                            (done, value) -> done.result = Values.text(value));
            case PUT -> applied(operation, put(client, operation, KvCondition.ALWAYS));
            case PUT_IF_ABSENT -> applied(operation, put(client, operation, KvCondition.IF_ABSENT));
            case GET_AND_PUT ->
                    complete(
                            operation,
                            client.getAndPutAsync(key, written(operation)),
                            (done, value) -> {
                                done.result = Values.text(value);
                                done.applied = true;
                            });
            case COMPARE_AND_PUT ->
                    applied(
                            operation,
                            client.compareAndPutAsync(
                                    key,
                                    expected(operation),
                                    written(operation),
                                    KvCall.KEEP_EXPIRY));
            case DELETE -> applied(operation, client.deleteAsync(key));
            case GET_AND_DELETE ->
                    complete(
                            operation,
                            client.getAndDeleteAsync(key),
                            (done, value) -> {
                                done.result = Values.text(value);
                                done.applied = value != null;
                            });
            case COMPARE_AND_DELETE ->
                    applied(operation, client.compareAndDeleteAsync(key, expected(operation)));
            case INCREMENT ->
                    complete(
                            operation,
                            client.incrementAsync(key, 1),
                            (done, sum) -> {
                                done.number = sum;
                                done.applied = true;
                            });
            case EXPIRE -> applied(operation, client.expireAtAsync(key, operation.expireAtMillis));
        }
    }

    private static CompletableFuture<Boolean> put(
            KvClient client, ClientOperation operation, KvCondition condition) {
        return client.putAsync(
                Values.bytes(operation.bareKey()),
                written(operation),
                condition,
                operation.expireAtMillis);
    }

    private static byte[] written(ClientOperation operation) {
        return Values.bytes(java.util.Objects.requireNonNull(operation.written));
    }

    private static byte[] expected(ClientOperation operation) {
        return Values.bytes(java.util.Objects.requireNonNull(operation.expected));
    }

    private void applied(ClientOperation operation, CompletableFuture<Boolean> future) {
        complete(operation, future, (done, applied) -> done.applied = applied);
    }

    private <R extends @Nullable Object> void complete(
            ClientOperation operation,
            CompletableFuture<R> future,
            BiConsumer<ClientOperation, R> take) {
        CompletableFuture<R> ignored =
                future.whenComplete((result, failure) -> {
                    SimulatedLife now = life;
                    if (now == null || underWay != operation) {
                        return;
                    }
                    underWay = null;
                    answered(now, operation, failure);
                    if (failure == null) {
                        take.accept(operation, result);
                        workload.saw(operation);
                    }
                    now.trace().add(operation.toString());
                });
    }

    private void answered(
            SimulatedLife now, ClientOperation operation, @Nullable Throwable failure) {
        operation.endLsn = now.progress().ackingLsn();
        if (failure == null) {
            operation.outcome = Outcome.DONE;
            return;
        }
        operation.outcome = Refusals.outcome(failure);
        if (operation.idempotencyKey != null) {
            // Whatever became of the attempts before: the same key again tells.
            operation.outcome = Outcome.OPEN;
            toRepeat = operation;
        }
    }
}
