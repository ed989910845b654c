package io.nodedb.control;

import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.SharedLane;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.control.catalog.DefinitionBytes;
import io.nodedb.control.catalog.PendingDefinition;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.CallSender;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.kv.KvClient;
import io.nodedb.control.kv.KvExchanges;
import io.nodedb.control.scan.CollectionScan;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.control.scan.RangeScan;
import io.nodedb.control.scan.RangeScans;
import io.nodedb.control.scan.Scans;
import io.nodedb.control.snapshot.Snapshots;
import io.nodedb.control.system.SystemPartition;
import io.nodedb.control.transaction.TransactionCoordinator;
import io.nodedb.control.transaction.Transactions;
import io.nodedb.plan.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The Control Plane of one database, over the lane that all callers share.
 *
 * <p>Thread rule: operations are for every thread; {@link #step}, {@link #await} and {@link
 * #closeLane} are the lane thread's.
 */
@Shared("its parts say how")
public final class ControlPlane {
    private static final long CATALOG_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** The tracker's and the registry's clocks tick at least so often. */
    static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Lane<Call> lane;
    private final SharedLane<Call> sharedLane;
    private final CallSender sender;
    private final Dispatcher dispatcher;
    private final Router router;
    private final Catalog catalog;
    private final Snapshots snapshots;
    private final KvExchanges exchanges;
    private final Scans scans;
    private final RangeScans ranges;
    private final TransactionCoordinator coordinator;
    private final Transactions transactions;
    private final CallOptions callDefaults;

    /**
     * @param state what recovery read of the catalog, or {@link CatalogState#initial} for a new
     *     database, which {@link #initialise} then stores
     */
    public ControlPlane(ControlPorts ports, CatalogState state, ControlOptions options) {
        this.callDefaults = CallOptions.DEFAULT.withTimeoutNanos(options.requestNanos());
        this.lane = ports.lane();
        this.sharedLane = new SharedLane<>(lane, ports.time());
        this.sender = new CallSender(sharedLane);
        this.dispatcher =
                new Dispatcher(
                        sender, ports.time(), ports.callerWait(), options.backPressureNanos());
        this.router = new Router(state.slots(), ports.dataPlane());
        this.catalog =
                new Catalog(
                        state,
                        new SystemPartition(
                                dispatcher,
                                ports.dataPlane(),
                                ports.log(),
                                ports.time(),
                                ports.txnIds()),
                        ports.drain());
        this.snapshots =
                new Snapshots(
                        ports.snapshots(),
                        ports.time(),
                        ports.callerWait(),
                        options.maxSnapshotAgeMillis());
        this.exchanges = new KvExchanges(dispatcher, router, ports.time(), options.durability());
        this.scans =
                new Scans(
                        dispatcher,
                        router,
                        ports.time(),
                        snapshots,
                        ports.drain(),
                        options.statementNanos());
        this.ranges =
                new RangeScans(
                        dispatcher,
                        router,
                        ports.time(),
                        snapshots,
                        ports.drain(),
                        options.statementNanos());
        this.coordinator =
                new TransactionCoordinator(sender, ports.log(), ports.time(), ports.txnIds());
        this.transactions =
                new Transactions(
                        coordinator,
                        exchanges,
                        scans,
                        ranges,
                        snapshots,
                        router,
                        dispatcher,
                        ports.callerWait(),
                        ports.time(),
                        ports.randomBelow(),
                        options.transactionWriteLimitBytes(),
                        this::awaitDefinition);
    }

    /** Where keys live. */
    public Router router() {
        return router;
    }

    public Catalog catalog() {
        return catalog;
    }

    public Transactions transactions() {
        return transactions;
    }

    public Snapshots snapshots() {
        return snapshots;
    }

    /** What a call is made with when its caller says nothing: {@code request_deadline}. */
    public CallOptions callDefaults() {
        return callDefaults;
    }

    /** Operations on one live collection. */
    public KvClient keyValue(CollectionInfo collection, CallOptions options) {
        return new KvClient(exchanges, catalog, collection, options);
    }

    /** All entries of a collection at a snapshot of now. */
    public CollectionScan scan(CollectionInfo collection, CallOptions options) {
        return scans.open(collection, options);
    }

    /** A range of an ordered collection at a snapshot of now. */
    public RangeScan scan(CollectionInfo collection, KeyRange range, CallOptions options) {
        return ranges.open(collection, range, RangeScans.Rows.WHOLE, options, null);
    }

    /** Rows of a range of an ordered collection at a snapshot of now. */
    public long count(CollectionInfo collection, KeyRange range, CallOptions options) {
        return ranges.open(collection, range, RangeScans.Rows.KEYS_ONLY, options, null).count();
    }

    /** Keys of a collection at a snapshot of now. */
    public long count(CollectionInfo collection, CallOptions options) {
        return scans.count(collection, options);
    }

    /** Stores the catalog of a new database, and waits for it. */
    public void initialise() {
        waitFor(catalog.initialise());
    }

    /** As {@link Catalog#createCollection}, waiting. */
    public CollectionInfo createCollection(String name, CollectionOptions options) {
        return dispatcher.await(
                () -> catalog.createCollection(name, options), CATALOG_TIMEOUT_NANOS);
    }

    /** As {@link Catalog#drop}, waiting. */
    public CollectionInfo dropCollection(String name) {
        return dispatcher.await(() -> catalog.drop(name), CATALOG_TIMEOUT_NANOS);
    }

    /** As {@link Catalog#undrop}, waiting. */
    public CollectionInfo undropCollection(String name) {
        return dispatcher.await(() -> catalog.undrop(name), CATALOG_TIMEOUT_NANOS);
    }

    /** As {@link Catalog#purge}, waiting. */
    public CollectionInfo purgeCollection(int collection) {
        return dispatcher.await(() -> catalog.purge(collection), CATALOG_TIMEOUT_NANOS);
    }

    /** As {@link Catalog#settled}, waiting: {@code DEADLINE_EXCEEDED} when it takes longer. */
    public void awaitDefinition(int collection, long timeoutNanos) {
        Boolean ignored = dispatcher.await(() -> catalog.settled(collection), timeoutNanos);
    }

    /**
     * Changes the definition of a live collection, and waits for it. While that goes on writers of
     * its rows wait, readers do not.
     *
     * @param next as {@link Catalog#begin} wants it
     * @param validation looks at the rows that stand, among which no new one comes; what it throws
     *     cancels the change
     */
    public CollectionInfo changeDefinition(
            int collection,
            UnaryOperator<DefinitionBytes> next,
            Consumer<PendingDefinition> validation) {
        List<CompletionStage<PendingDefinition>> begun = new ArrayList<>();
        PendingDefinition pending;
        try {
            pending =
                    dispatcher.await(
                            () -> {
                                begun.add(catalog.begin(collection, next));
                                return begun.getLast();
                            },
                            CATALOG_TIMEOUT_NANOS);
        } catch (RuntimeException | Error e) {
            for (CompletionStage<PendingDefinition> late : begun) {
                CompletionStage<Boolean> ignored = late.thenCompose(catalog::cancel);
            }
            throw e;
        }
        try {
            validation.accept(pending);
        } catch (RuntimeException | Error e) {
            CompletionStage<Boolean> ignored = catalog.cancel(pending);
            throw e;
        }
        return dispatcher.await(() -> catalog.commit(pending), CATALOG_TIMEOUT_NANOS);
    }

    /** Calls and commits that have no answer yet. */
    public int outstanding() {
        return sharedLane.outstanding() + coordinator.open();
    }

    /** From now on new calls are refused; what is under way finishes. */
    public void refuseNewCalls() {
        dispatcher.close();
    }

    /**
     * Lane thread, or who stands in for it: completes what was answered, advances transactions,
     * expires snapshots. What a callback throws comes out here; the next step goes on where it
     * stopped.
     *
     * @return false when there was nothing to do
     */
    public boolean step() {
        sender.enterCallbacks();
        try {
            boolean any = sharedLane.step() || coordinator.hasWork();
            coordinator.step();
            snapshots.step();
            return any;
        } finally {
            sender.leaveCallbacks();
        }
    }

    /** Any thread: is there something for {@link #step} to do? */
    public boolean hasWork() {
        return lane.hasResponses() || coordinator.hasWork();
    }

    /**
     * Lane thread: sleeps until a core or the log answers, or a clock must be looked at.
     *
     * @param hasWork made once and kept
     */
    public void await(BooleanSupplier hasWork) {
        lane.doorbell().await(hasWork, LONGEST_SLEEP_NANOS);
    }

    /** Where cores and log ring. */
    Doorbell doorbell() {
        return lane.doorbell();
    }

    /** Lane thread, last of all: what has no answer now gets none. */
    public void closeLane() {
        sharedLane.close();
    }

    private void waitFor(CompletionStage<Void> stage) {
        dispatcher.await(() -> stage.thenApply(done -> Boolean.TRUE), CATALOG_TIMEOUT_NANOS);
    }
}
