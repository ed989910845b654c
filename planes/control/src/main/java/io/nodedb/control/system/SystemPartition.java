package io.nodedb.control.system;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CatalogEntry;
import io.nodedb.control.catalog.CatalogStore;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.control.port.DataPlanePort;
import io.nodedb.control.port.LogPort;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvScanCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Keeps the catalog in the system partition, through the ordinary commit and scan calls. */
@Shared("immutable; Dispatcher is guarded")
public final class SystemPartition implements CatalogStore {
    private final Dispatcher dispatcher;
    private final DataPlanePort dataPlane;
    private final LogPort log;
    private final TimeSource time;
    private final LongSupplier txnIds;

    public SystemPartition(
            Dispatcher dispatcher,
            DataPlanePort dataPlane,
            LogPort log,
            TimeSource time,
            LongSupplier txnIds) {
        this.dispatcher = dispatcher;
        this.dataPlane = dataPlane;
        this.log = log;
        this.time = time;
        this.txnIds = txnIds;
    }

    @Override
    public long acknowledgedLsn() {
        return log.ackingLsn();
    }

    @Override
    public CompletionStage<Long> commit(List<CatalogEntry> entries, long snapshotLsn) {
        CommitCall call = new CommitCall();
        call.txnId = txnIds.getAsLong();
        call.snapshotLsn = snapshotLsn;
        List<KeyWrite> writes = new ArrayList<>(entries.size());
        for (CatalogEntry entry : entries) {
            writes.add(
                    new KeyWrite(
                            Partitions.SYSTEM,
                            Catalog.COLLECTION,
                            entry.key(),
                            KeyHash.of(entry.key()),
                            entry.value(),
                            0));
        }
        call.writes = List.copyOf(writes);
        return send(systemCore(), Partitions.SYSTEM, call).thenApply(Exchange::watermarkLsn);
    }

    @Override
    public CompletionStage<List<CatalogEntry>> readAll() {
        return readFrom(0, new ArrayList<>());
    }

    @Override
    public CompletionStage<Void> openOnCores(CollectionInfo collection) {
        return broadcast(CollectionCall.Action.OPEN, collection);
    }

    @Override
    public CompletionStage<Void> dropOnCores(CollectionInfo collection) {
        return broadcast(CollectionCall.Action.DROP, collection);
    }

    private CompletableFuture<List<CatalogEntry>> readFrom(
            long cursor, List<CatalogEntry> entries) {
        KvScanCall call = new KvScanCall();
        call.collection = Catalog.COLLECTION;
        call.partition = Partitions.SYSTEM;
        call.cursor = cursor;
        call.withValues = true;
        return send(systemCore(), Partitions.SYSTEM, call)
                .thenCompose(page -> {
                    CatalogPages.read(page.call, entries);
                    return page.call.finished
                            ? CompletableFuture.completedFuture(entries)
                            : readFrom(page.call.nextCursor, entries);
                });
    }

    private CompletionStage<Void> broadcast(
            CollectionCall.Action action, CollectionInfo collection) {
        CompletableFuture<?>[] answers = new CompletableFuture<?>[dataPlane.cores()];
        for (int core = 0; core < answers.length; core++) {
            CollectionCall call = new CollectionCall();
            call.action = action;
            call.collection = collection.id();
            call.engine = collection.engine();
            call.feed = collection.feed();
            call.tenant = collection.tenant();
            call.definition = collection.definition().version();
            answers[core] = send(core, Partitions.SYSTEM, call);
        }
        return CompletableFuture.allOf(answers);
    }

    private <C extends Call> CompletableFuture<Exchange<C>> send(int core, int partition, C call) {
        Exchange<C> exchange = new Exchange<>(call);
        exchange.envelope(CallOptions.DEFAULT, time.nanoTime());
        exchange.priority = Priority.HIGH;
        exchange.durability = CommitDurability.SYNC.number();
        exchange.partition = partition;
        CompletableFuture<Exchange<C>> future = new CompletableFuture<>();
        dispatcher.send(
                core,
                exchange,
                answered -> {
                    if (answered.errorCode() != 0) {
                        future.completeExceptionally(answered.failure());
                    } else {
                        future.complete(exchange);
                    }
                });
        return future;
    }

    private int systemCore() {
        return dataPlane.coreOf(Partitions.SYSTEM);
    }
}
