package io.nodedb.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.control.harness.ModelCore;
import io.nodedb.control.scan.CollectionScan;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final ControlHarness harness = new ControlHarness(2, 2);
    private final Catalog catalog = harness.control.catalog();
    private final int systemCore = harness.coreOf(Partitions.SYSTEM);

    @Test
    void concurrentCreatorsOfOneNameGetOneCollection() {
        CompletableFuture<CollectionInfo> first = create("carts");
        CompletableFuture<CollectionInfo> second = create("carts");
        ModelCore.all(harness);
        finish(first);
        finish(second);
        assertThat(first.join()).isEqualTo(second.join());
        assertThat(catalog.state().collections()).hasSize(1);
        assertThat(first.join().id()).isEqualTo(Catalog.FIRST_USER_COLLECTION);
    }

    @Test
    void collectionIsDurableThenOpenOnEveryCoreThenSeen() {
        CompletableFuture<CollectionInfo> created = create("carts");
        Request<Call> commit = harness.take(systemCore);
        assertThat(commit.payload).isInstanceOf(CommitCall.class);
        assertThat(((CommitCall) commit.payload).writes).hasSize(2);
        assertThat(((CommitCall) commit.payload).snapshotLsn).isEqualTo(harness.ackingLsn());
        assertThat(harness.port(1 - systemCore).take()).isNull();
        harness.succeed(commit, harness.lastLsn.incrementAndGet());
        harness.settle();

        Request<Call> openThere = harness.take(0);
        Request<Call> openHere = harness.take(1);
        assertThat(((CollectionCall) openThere.payload).action)
                .isEqualTo(CollectionCall.Action.OPEN);
        harness.succeed(openThere, 0);
        harness.settle();
        assertThat(catalog.state().live("carts")).isNull();
        harness.succeed(openHere, 0);
        harness.settle();
        assertThat(created).isCompleted();
        assertThat(catalog.state().live("carts")).isEqualTo(created.join());
    }

    @Test
    void coreThatCouldNotBeToldIsToldByTheNextCall() {
        CompletableFuture<CollectionInfo> created = create("carts");
        harness.succeed(harness.take(systemCore), harness.lastLsn.incrementAndGet());
        harness.settle();
        harness.succeed(harness.take(0), 0);
        harness.fail(harness.take(1), ErrorCode.CORE_DEGRADED.number(), "later");
        harness.settle();
        assertFailed(created, ErrorCode.CORE_DEGRADED);
        assertThat(catalog.state().live("carts")).isNull();

        CompletableFuture<CollectionInfo> again = create("carts");
        for (int core = 0; core < 2; core++) {
            Request<Call> open = harness.take(core);
            assertThat(open.payload).isInstanceOf(CollectionCall.class);
            harness.succeed(open, 0);
        }
        harness.settle();
        assertThat(again.join().id()).isEqualTo(Catalog.FIRST_USER_COLLECTION);
        assertThat(catalog.state().live("carts")).isEqualTo(again.join());
    }

    @Test
    void changeAfterAnUnknownOutcomeReadsTheStoredCatalogFirst() {
        ModelCore.all(harness);
        harness.control.initialise();
        harness.world.clear();
        CompletableFuture<CollectionInfo> lost = create("carts");
        Request<Call> commit = harness.take(systemCore);
        List<ModelCore> cores = ModelCore.all(harness);
        harness.world.clear();
        harness.fail(commit, ErrorCode.OUTCOME_UNKNOWN.number(), "lost");
        harness.settle();
        assertFailed(lost, ErrorCode.OUTCOME_UNKNOWN);

        // These cores never saw the first commit; their catalog is empty, hence damaged.
        CompletableFuture<CollectionInfo> next = create("orders");
        cores.forEach(ModelCore::run);
        harness.settle();
        assertFailed(next, ErrorCode.DATA_CORRUPTED);
    }

    @Test
    void commitThatWasMadeAfterAllIsFoundAndOpened() {
        List<ModelCore> cores = ModelCore.all(harness);
        harness.control.initialise();
        harness.world.clear();
        CompletableFuture<CollectionInfo> lost = create("carts");
        // The core makes the commit, but its answer comes too late.
        harness.time.advanceMillis(60_000);
        harness.settle();
        cores.forEach(ModelCore::run);
        harness.settle();
        assertFailed(lost, ErrorCode.DEADLINE_EXCEEDED);

        harness.world.addAll(cores);
        CompletableFuture<CollectionInfo> again = create("carts");
        finish(again);
        assertThat(again.join().id()).isEqualTo(Catalog.FIRST_USER_COLLECTION);
        assertThat(catalog.state().nextId()).isEqualTo(Catalog.FIRST_USER_COLLECTION + 1);
        assertThat(cores).allSatisfy(core -> assertThat(core.collections()).contains(16));
    }

    @Test
    void droppedNameIsFreeAndItsNextCollectionIsAnother() {
        ModelCore.all(harness);
        CollectionInfo first = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        assertThat(harness.control.dropCollection("a").state()).isEqualTo(CollectionState.DROPPED);
        CollectionInfo second = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        assertThat(second.id()).isGreaterThan(first.id());
        assertThatThrownBy(() -> harness.control.undropCollection("a"))
                .hasMessageContaining("A live collection has the name now");
        CollectionInfo dropped = harness.control.dropCollection("a");
        assertThat(dropped.id()).isEqualTo(second.id());
        assertThat(harness.control.undropCollection("a").id()).isEqualTo(second.id());
    }

    @Test
    void clientOfADroppedCollectionIsTold() {
        ModelCore.all(harness);
        CollectionInfo info = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        var client = harness.control.keyValue(info, CallOptions.DEFAULT);
        assertThat(client.get(new byte[] {1})).isNull();
        harness.control.dropCollection("a");
        assertThatThrownBy(() -> client.get(new byte[] {1}))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        harness.control.undropCollection("a");
        assertThat(client.get(new byte[] {1})).isNull();
    }

    @Test
    void purgeWaitsForOpenScansThenLeavesATombstone() {
        List<ModelCore> cores = ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo info = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        CollectionScan scan = harness.control.scan(info, CallOptions.DEFAULT);
        CompletableFuture<CollectionInfo> purged = catalog.purge(info.id()).toCompletableFuture();
        for (int i = 0; i < 100; i++) {
            harness.round();
        }
        assertThat(purged).isNotDone();
        assertThatThrownBy(() -> harness.control.scan(info, CallOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_DRAINING));
        scan.close();
        finish(purged);
        assertThat(purged.join().state()).isEqualTo(CollectionState.PURGED);
        assertThat(catalog.state().tombstones()).containsExactly(info.id());
        assertThat(cores)
                .allSatisfy(core -> assertThat(core.collections()).doesNotContain(info.id()));
        assertThat(harness.isDraining(info.id())).isFalse();
    }

    @Test
    void purgeThatIsRefusedLetsScansInAgain() {
        ModelCore.all(harness);
        CollectionInfo info = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        harness.world.clear();
        CompletableFuture<CollectionInfo> purged = catalog.purge(info.id()).toCompletableFuture();
        harness.fail(harness.take(systemCore), ErrorCode.DISK_FULL.number(), "full");
        harness.settle();
        assertFailed(purged, ErrorCode.DISK_FULL);
        assertThat(harness.isDraining(info.id())).isFalse();
        assertThat(catalog.state().live("a")).isEqualTo(info);
    }

    @Test
    void purgeOfUnknownOutcomeKeepsScansOutUntilTheNextChangeKnows() {
        List<ModelCore> cores = ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo info = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        List<Runnable> world = List.copyOf(harness.world);
        harness.world.clear();
        CompletableFuture<CollectionInfo> purged = catalog.purge(info.id()).toCompletableFuture();
        harness.fail(harness.take(systemCore), ErrorCode.OUTCOME_UNKNOWN.number(), "lost");
        harness.settle();
        assertFailed(purged, ErrorCode.OUTCOME_UNKNOWN);
        assertThat(harness.isDraining(info.id())).isTrue();

        harness.world.addAll(world);
        CollectionInfo other = harness.control.createCollection("b", CollectionOptions.KEY_VALUE);
        assertThat(other.id()).isNotEqualTo(info.id());
        assertThat(harness.isDraining(info.id())).isFalse();
        assertThat(catalog.state().live("a")).isEqualTo(info);
        assertThat(cores).allSatisfy(core -> assertThat(core.collections()).contains(info.id()));
    }

    private static DefinitionBytes definition(int version) {
        return DefinitionBytes.of(version, new byte[] {(byte) version});
    }

    private CollectionInfo defined(String name) {
        return harness.control.createCollection(
                name, CollectionOptions.DOCUMENT.withDefinition(definition(1)));
    }

    private CompletableFuture<PendingDefinition> begin(CollectionInfo info, int version) {
        return catalog.begin(info.id(), before -> definition(version)).toCompletableFuture();
    }

    @Test
    void definitionIsToldToEveryCoreThenDurableThenSeen() {
        List<ModelCore> cores = ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo info = defined("a");
        harness.world.clear();
        CompletableFuture<PendingDefinition> begun = begin(info, 2);
        for (int core = 0; core < 2; core++) {
            assertThat(begun).isNotDone();
            Request<Call> open = harness.take(core);
            assertThat(((CollectionCall) open.payload).definition).isEqualTo(2);
            harness.succeed(open, 0);
            harness.settle();
        }
        PendingDefinition pending = begun.join();
        assertThat(pending.before()).isEqualTo(info);
        assertThat(catalog.state().live("a")).isEqualTo(info);
        CompletableFuture<CollectionInfo> committed = catalog.commit(pending).toCompletableFuture();
        Request<Call> commit = harness.take(systemCore);
        assertThat(((CommitCall) commit.payload).writes).hasSize(1);
        assertThat(catalog.state().live("a")).isEqualTo(info);
        harness.succeed(commit, harness.lastLsn.incrementAndGet());
        harness.settle();
        assertThat(committed.join().definition()).isEqualTo(definition(2));
        assertThat(catalog.state().live("a")).isEqualTo(committed.join());
        assertThat(cores).hasSize(2);
    }

    @Test
    void definitionThatIsNotMadeIsTakenBackOnEveryCore() {
        ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo info = defined("a");
        PendingDefinition pending = begun(begin(info, 2));
        harness.world.clear();
        CompletableFuture<CollectionInfo> refused = catalog.commit(pending).toCompletableFuture();
        harness.fail(harness.take(systemCore), ErrorCode.DISK_FULL.number(), "full");
        harness.settle();
        // One core can't be told now, so the next who asks tells it.
        harness.fail(harness.take(0), ErrorCode.CORE_DEGRADED.number(), "later");
        takeOpen(1, 1);
        harness.settle();
        assertFailed(refused, ErrorCode.DISK_FULL);
        CompletableFuture<Boolean> settled = catalog.settled(info.id()).toCompletableFuture();
        for (int core = 0; core < 2; core++) {
            takeOpen(core, 1);
        }
        harness.settle();
        assertThat(settled).isCompletedWithValue(true);
        assertThat(catalog.state().live("a")).isEqualTo(info);

        CompletableFuture<PendingDefinition> next = begin(info, 3);
        takeOpen(0, 3);
        takeOpen(1, 3);
        harness.settle();
        CompletableFuture<Boolean> cancelled = catalog.cancel(next.join()).toCompletableFuture();
        takeOpen(0, 1);
        takeOpen(1, 1);
        harness.settle();
        assertThat(cancelled).isCompletedWithValue(true);
        assertThat(catalog.state().live("a")).isEqualTo(info);
    }

    private void takeOpen(int core, int definition) {
        Request<Call> open = harness.take(core);
        assertThat(((CollectionCall) open.payload).definition).isEqualTo(definition);
        harness.succeed(open, 0);
    }

    private PendingDefinition begun(CompletableFuture<PendingDefinition> future) {
        finish(future);
        return future.join();
    }

    @Test
    void definitionWhoseCommitWasMadeAfterAllIsFound() {
        List<ModelCore> cores = ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo info = defined("a");
        PendingDefinition pending = begun(begin(info, 2));
        harness.world.clear();
        CompletableFuture<CollectionInfo> lost = catalog.commit(pending).toCompletableFuture();
        // The core makes the commit, but its answer comes too late.
        harness.time.advanceMillis(60_000);
        harness.settle();
        harness.world.addAll(cores);
        for (int i = 0; i < 1_000 && !lost.isDone(); i++) {
            harness.round();
        }
        assertFailed(lost, ErrorCode.DEADLINE_EXCEEDED);
        finish(catalog.settled(info.id()).toCompletableFuture());
        assertThat(catalog.state().live("a").definition()).isEqualTo(definition(2));
    }

    @Test
    void secondChangeOfADefinitionWaitsForTheFirstAndDropsEndIt() {
        ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo info = defined("a");
        PendingDefinition first = begun(begin(info, 2));
        CompletableFuture<PendingDefinition> second =
                catalog.begin(info.id(), before -> definition(before.version() + 1))
                        .toCompletableFuture();
        CompletableFuture<Boolean> settled = catalog.settled(info.id()).toCompletableFuture();
        for (int i = 0; i < 100; i++) {
            harness.round();
        }
        assertThat(second).isNotDone();
        assertThat(settled).isNotDone();
        // Others are not held up.
        CompletableFuture<CollectionInfo> other = create("b");
        finish(other);
        CompletableFuture<CollectionInfo> committed = catalog.commit(first).toCompletableFuture();
        finish(committed);
        finish(settled);
        PendingDefinition next = begun(second);
        assertThat(next.after().definition()).isEqualTo(definition(3));
        CollectionInfo dropped = harness.control.dropCollection("a");
        CompletableFuture<CollectionInfo> late = catalog.commit(next).toCompletableFuture();
        finish(late);
        assertFailed(late, ErrorCode.NOT_FOUND);
        assertThat(harness.control.undropCollection("a").definition())
                .isEqualTo(dropped.definition())
                .isEqualTo(definition(2));
    }

    @Test
    void namesThatNoCollectionMayHaveAreRefused() {
        for (String name : List.of("", "_system.x", "a\u0000b", "x".repeat(256))) {
            assertThatThrownBy(() -> catalog.createCollection(name, CollectionOptions.KEY_VALUE))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void storedCatalogReadsBackAsPublished() {
        ModelCore.all(harness);
        harness.control.initialise();
        CollectionInfo a = harness.control.createCollection("a", CollectionOptions.KEY_VALUE);
        harness.control.createCollection("b", CollectionOptions.KEY_VALUE.withFeed());
        harness.control.dropCollection("b");
        harness.control.purgeCollection(a.id());
        var read =
                new io.nodedb.control.system.SystemPartition(
                                new io.nodedb.control.dispatch.Dispatcher(
                                        new io.nodedb.control.dispatch.CallSender(
                                                new io.nodedb.bridge.lane.SharedLane<>(
                                                        harness.lane, harness.time)),
                                        harness.time,
                                        harness,
                                        1),
                                harness,
                                harness,
                                harness.time,
                                () -> 1)
                        .readAll()
                        .toCompletableFuture();
        finish(read);
        CatalogState stored = CatalogState.read(read.join());
        assertThat(stored.collections())
                .containsExactlyInAnyOrderElementsOf(catalog.state().collections());
        assertThat(stored.tombstones()).isEqualTo(catalog.state().tombstones());
        assertThat(stored.nextId()).isEqualTo(catalog.state().nextId());
    }

    private CompletableFuture<CollectionInfo> create(String name) {
        return catalog.createCollection(name, CollectionOptions.KEY_VALUE).toCompletableFuture();
    }

    private void finish(CompletableFuture<?> future) {
        for (int i = 0; i < 1_000 && !future.isDone(); i++) {
            harness.round();
        }
        assertThat(future).isDone();
    }

    private static void assertFailed(CompletableFuture<?> future, ErrorCode code) {
        assertThat(future).isCompletedExceptionally();
        Throwable failure = future.exceptionNow();
        assertThat(failure)
                .asInstanceOf(InstanceOfAssertFactories.type(NodeDbException.class))
                .extracting(NodeDbException::code)
                .isEqualTo(code);
    }
}
