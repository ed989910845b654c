package io.nodedb.control.catalog;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.port.CollectionDrain;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the database: asked by one volatile read, changed one change at a time.
 *
 * <pre>
 *   create   commit entry and next id ──► OPEN on every core ──► publish
 *   drop     commit state             ──► publish
 *   purge    wait for open scans ──► commit state and tombstone ──► publish ──► DROP on every core
 *   define   OPEN on every core, which from then on refuses rows made by the definition before
 *              ──► the asker looks at the rows that stand, if it has to
 *              ──► commit definition ──► publish, or else OPEN with the one before
 * </pre>
 *
 * <p>A change is first made durable, then seen; a crash before a definition is recorded leaves the
 * one before, and no row that was made by the new one. When it was recorded but a core could not be
 * told, the caller gets that error, and the next change (or the same one again) tells the core.
 * When its outcome is unknown, the next change reads the stored catalog first; the conflict check
 * of its commit closes the gap.
 *
 * <p>Thread rule: every method from every thread; changes run as chained stages on the lane thread,
 * in the order in which they were asked for.
 */
@Shared("volatile immutable state; changes are chained stages")
public final class Catalog {
    /** The key-value collection in the system partition that holds the catalog. */
    public static final int COLLECTION = SystemCollections.CATALOG;

    /** The key-value collection in every partition that holds idempotency outcomes. */
    public static final int IDEMPOTENCY = SystemCollections.IDEMPOTENCY;

    /** Ids below this belong to the system. */
    public static final int FIRST_USER_COLLECTION = SystemCollections.FIRST_USER;

    /** How often a change is tried against conflicts, which only an unknown outcome can cause. */
    private static final int MAX_ATTEMPTS = 5;

    private final CatalogStore store;
    private final CollectionDrain drain;

    private volatile CatalogState published;

    private CompletableFuture<?> lastChange = CompletableFuture.completedFuture(null);

    // Below: the running change's own; handed from one to the next by the chain.
    private CatalogState recorded;
    private long recordedLsn;
    private boolean uncertain;
    private final Set<Integer> unopened = new TreeSet<>();
    private final Set<Integer> undropped = new TreeSet<>();

    /** Draining, because a purge of unknown outcome left the mark. */
    private final Set<Integer> marked = new TreeSet<>();

    /** Collections whose definition is being changed, and when that has ended. */
    private final Map<Integer, CompletableFuture<Boolean>> changing = new HashMap<>();

    /**
     * @param state what recovery read, every collection that is not purged being open on the cores;
     *     or {@link CatalogState#initial} for a new database, before {@link #initialise}
     */
    public Catalog(CatalogState state, CatalogStore store, CollectionDrain drain) {
        this.store = store;
        this.drain = drain;
        this.published = state;
        this.recorded = state;
        this.recordedLsn = store.acknowledgedLsn();
    }

    /** The catalog as of now. */
    public CatalogState state() {
        return published;
    }

    /** Stores the catalog of a new database. */
    public CompletionStage<Void> initialise() {
        return inTurn(() ->
                store.commit(recorded.entries(), recordedLsn)
                        .thenAccept(lsn -> recordedLsn = lsn)
                        .toCompletableFuture());
    }

    /**
     * The live collection of a name; created when there is none. An existing one of another engine
     * is {@code INVALID_ARGUMENT}; its other options are left as they are.
     */
    public CompletionStage<CollectionInfo> createCollection(
            String name, CollectionOptions options) {
        CollectionInfo existing = published.live(name);
        if (existing != null) {
            return existing.engine() == options.engine()
                    ? CompletableFuture.completedFuture(existing)
                    : CompletableFuture.failedFuture(otherEngine(existing, options));
        }
        requireName(name);
        return inTurn(() ->
                change(
                        state -> {
                            CollectionInfo live = state.live(name);
                            if (live == null) {
                                return created(state, name, options);
                            }
                            if (live.engine() != options.engine()) {
                                throw otherEngine(live, options);
                            }
                            return Change.none(live);
                        },
                        1));
    }

    /**
     * Drops a live collection so that it can be brought back: its name is free, its rows are kept.
     */
    public CompletionStage<CollectionInfo> drop(String name) {
        return inTurn(() ->
                change(
                        state ->
                                Change.to(
                                        require(state.live(name), name)
                                                .in(CollectionState.DROPPED)),
                        1));
    }

    /** Brings the most recently created dropped collection of a name back. */
    public CompletionStage<CollectionInfo> undrop(String name) {
        return inTurn(() ->
                change(
                        state -> {
                            CollectionInfo dropped = require(state.dropped(name), name);
                            if (state.live(name) != null) {
                                throw new NodeDbException(
                                        ErrorCode.INVALID_ARGUMENT,
                                        "A live collection has the name now: collection=" + name);
                            }
                            return Change.to(dropped.in(CollectionState.LIVE));
                        },
                        1));
    }

    /**
     * Removes a live or dropped collection for good, once its open scans have ended. Purging a
     * purged one makes sure that every core has forgotten it.
     */
    public CompletionStage<CollectionInfo> purge(int collection) {
        return inTurn(() ->
                drain.drain(collection)
                        .toCompletableFuture()
                        .thenCompose(drained -> {
                            marked.remove(collection);
                            return change(state -> purged(state, collection), 1);
                        })
                        .whenComplete((info, failure) -> clearUnlessUncertain(collection)));
    }

    /**
     * Begins to change a live collection's definition, after a change of it that is under way. From
     * now on rows made by the one before are refused with {@link ErrorCode#DEFINITION_CHANGED}, and
     * when the stage completes all that were accepted are decided and durable.
     *
     * @param next the definition that follows from the present one; its version is higher
     */
    public CompletionStage<PendingDefinition> begin(
            int collection, UnaryOperator<DefinitionBytes> next) {
        CompletableFuture<Begun> begun =
                inTurn(() -> refreshed().thenCompose(ready -> fenced(collection, next)));
        return begun.thenCompose(how ->
                how instanceof Begun.Now(PendingDefinition pending)
                        ? CompletableFuture.completedFuture(pending)
                        : ((Begun.After) how)
                                .other()
                                .thenCompose(ended -> begin(collection, next)));
    }

    /** Makes a definition the collection's. {@code NOT_FOUND} when that was dropped meanwhile. */
    public CompletionStage<CollectionInfo> commit(PendingDefinition pending) {
        int id = pending.after().id();
        return inTurn(() ->
                change(state -> defined(state, pending), 1)
                        .handle((info, failure) -> failure)
                        .thenCompose(failure -> ended(id, failure)));
    }

    /** Rows are made by the definition before again. */
    public CompletionStage<Boolean> cancel(PendingDefinition pending) {
        int id = pending.after().id();
        return inTurn(() -> toldAgain(id));
    }

    /**
     * Completes when no change of the collection's definition is under way; then the published one
     * is what cores want rows to be made by.
     */
    public CompletionStage<Boolean> settled(int collection) {
        CompletableFuture<Optional<CompletableFuture<Boolean>>> other =
                inTurn(() -> {
                    CompletableFuture<Boolean> under = changing.get(collection);
                    return under != null
                            ? CompletableFuture.completedFuture(Optional.of(under))
                            : refreshed()
                                    .thenCompose(ready -> told())
                                    .thenApply(told -> Optional.empty());
                });
        return other.thenCompose(
                under -> under.orElseGet(() -> CompletableFuture.completedFuture(Boolean.TRUE)));
    }

    private CompletableFuture<Begun> fenced(int collection, UnaryOperator<DefinitionBytes> next) {
        CompletableFuture<Boolean> other = changing.get(collection);
        if (other != null) {
            return CompletableFuture.completedFuture(new Begun.After(other));
        }
        CollectionInfo before = recorded.byId(collection);
        if (before == null || !before.live()) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND, "There is no such collection: collection=" + collection);
        }
        CollectionInfo after = before.with(next.apply(before.definition()));
        Check.that(
                after.definition().version() > before.definition().version(),
                "a definition's version grows",
                after.definition().version());
        changing.put(collection, new CompletableFuture<>());
        return store.openOnCores(after)
                .handle((opened, failure) -> failure)
                .thenCompose(failure ->
                        failure == null
                                ? CompletableFuture.<Begun>completedFuture(
                                        new Begun.Now(new PendingDefinition(before, after)))
                                : toldAgain(collection)
                                        .handle((told, again) -> failure)
                                        .thenCompose(CompletableFuture::failedFuture))
                .toCompletableFuture();
    }

    private static Change defined(CatalogState state, PendingDefinition pending) {
        CollectionInfo after = pending.after();
        CollectionInfo present = require(state.byId(after.id()), after.name());
        if (present.definition().equals(after.definition())) {
            return Change.none(present);
        }
        if (!present.live()) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND,
                    "The collection was dropped meanwhile: collection=" + after.name());
        }
        Check.that(
                present.definition().equals(pending.before().definition()),
                "one change of a definition at a time",
                after.id());
        return Change.to(present.with(after.definition()));
    }

    private CompletableFuture<CollectionInfo> ended(int id, @Nullable Throwable failure) {
        if (failure == null) {
            changed(id);
            return CompletableFuture.completedFuture(require(recorded.byId(id), "id " + id));
        }
        return toldAgain(id)
                .handle((told, again) -> failure)
                .thenCompose(CompletableFuture::failedFuture);
    }

    /** The change has failed: cores get to know what is recorded, now or with the next change. */
    private CompletableFuture<Boolean> toldAgain(int id) {
        unopened.add(id);
        changed(id);
        return refreshed().thenCompose(ready -> told());
    }

    private void changed(int id) {
        CompletableFuture<Boolean> ended = changing.remove(id);
        if (ended != null) {
            // Whoever waits asks again in a turn of its own, after this one.
            boolean ignored = ended.complete(Boolean.TRUE);
        }
    }

    private static Change created(CatalogState state, String name, CollectionOptions options) {
        return Change.to(
                new CollectionInfo(
                        state.nextId(),
                        name,
                        options.engine(),
                        options.feed(),
                        options.durability(),
                        CollectionState.LIVE,
                        0,
                        options.tenant(),
                        options.definition()));
    }

    private static Change purged(CatalogState state, int collection) {
        CollectionInfo info = require(state.byId(collection), "id " + collection);
        return info.state() == CollectionState.PURGED
                ? Change.none(info)
                : Change.to(info.in(CollectionState.PURGED));
    }

    /** While the purge may have been recorded, new scans stay refused: the next change decides. */
    private void clearUnlessUncertain(int collection) {
        if (uncertain) {
            marked.add(collection);
        } else {
            drain.clear(collection);
        }
    }

    /** One change: read again if need be, commit, tell the cores, publish. */
    private CompletableFuture<CollectionInfo> change(
            Function<CatalogState, Change> planned, int attempt) {
        return refreshed()
                .thenCompose(ready -> {
                    Change change = planned.apply(recorded);
                    if (!change.isNeeded()) {
                        return told(change.after());
                    }
                    CollectionInfo after = withLsn(change.after());
                    return committed(after)
                            .handle((done, failure) -> failure)
                            .thenCompose(failure ->
                                    failure == null
                                            ? told(after)
                                            : failed(failure, planned, attempt));
                });
    }

    private CompletableFuture<CollectionInfo> failed(
            Throwable failure, Function<CatalogState, Change> planned, int attempt) {
        Throwable cause =
                failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof NodeDbException known && isCleanRefusal(known.code())) {
            return CompletableFuture.failedFuture(known);
        }
        uncertain = true;
        if (cause instanceof NodeDbException known
                && known.code() == ErrorCode.CONFLICT
                && attempt < MAX_ATTEMPTS) {
            return change(planned, attempt + 1);
        }
        return CompletableFuture.failedFuture(cause == null ? failure : cause);
    }

    /** The commit was certainly not made, and what is known of the catalog is still right. */
    private static boolean isCleanRefusal(ErrorCode code) {
        return code == ErrorCode.RESOURCES_EXHAUSTED
                || code == ErrorCode.SHUTTING_DOWN
                || code == ErrorCode.DISK_FULL
                || code == ErrorCode.OUT_OF_MEMORY
                || code == ErrorCode.CORE_DEGRADED;
    }

    private CollectionInfo withLsn(CollectionInfo info) {
        return info.createdLsn() != 0 || recorded.byId(info.id()) != null
                ? info
                : info.createdAt(recordedLsn);
    }

    private CompletableFuture<Void> committed(CollectionInfo after) {
        boolean isNew = recorded.byId(after.id()) == null;
        List<CatalogEntry> entries;
        if (isNew) {
            entries = List.of(CatalogCodec.collection(after), CatalogCodec.nextId(after.id() + 1));
        } else if (after.state() == CollectionState.PURGED) {
            entries =
                    List.of(
                            CatalogCodec.collection(after),
                            CatalogCodec.tombstone(after.id(), recordedLsn));
        } else {
            entries = List.of(CatalogCodec.collection(after));
        }
        return store.commit(entries, recordedLsn)
                .thenAccept(lsn -> {
                    recordedLsn = Math.max(recordedLsn, lsn);
                    recorded = recorded.with(after);
                    if (isNew) {
                        unopened.add(after.id());
                    }
                    if (after.state() == CollectionState.PURGED) {
                        undropped.add(after.id());
                    }
                })
                .toCompletableFuture();
    }

    private CompletableFuture<CollectionInfo> told(CollectionInfo result) {
        return told().thenApply(all -> result);
    }

    /** Brings the cores and the published state up to what is recorded. */
    private CompletableFuture<Boolean> told() {
        CompletableFuture<Void> steps = CompletableFuture.completedFuture(null);
        for (int id : List.copyOf(unopened)) {
            CollectionInfo info = require(recorded.byId(id), "id " + id);
            if (changing.containsKey(id)) {
                // Its cores are ahead; how its change ends, they are told then.
                continue;
            }
            if (info.state() == CollectionState.PURGED) {
                unopened.remove(id);
                continue;
            }
            steps =
                    steps.thenCompose(before -> store.openOnCores(info))
                            .thenAccept(opened -> unopened.remove(id));
        }
        steps = steps.thenAccept(opened -> published = recorded);
        for (int id : List.copyOf(undropped)) {
            CollectionInfo info = require(recorded.byId(id), "id " + id);
            steps =
                    steps.thenCompose(before -> store.dropOnCores(info))
                            .thenAccept(dropped -> undropped.remove(id));
        }
        return steps.thenApply(all -> Boolean.TRUE);
    }

    /**
     * After an unknown outcome: reads the stored catalog and notes what the cores do not know yet.
     */
    private CompletableFuture<Void> refreshed() {
        if (!uncertain) {
            return CompletableFuture.completedFuture(null);
        }
        long before = store.acknowledgedLsn();
        return store.readAll()
                .thenAccept(entries -> {
                    CatalogState stored = CatalogState.read(entries);
                    for (CollectionInfo info : stored.collections()) {
                        CollectionInfo known = published.byId(info.id());
                        if (info.state() != CollectionState.PURGED
                                && (known == null
                                        || !known.definition().equals(info.definition()))) {
                            unopened.add(info.id());
                        }
                        if (info.state() == CollectionState.PURGED
                                && known != null
                                && known.state() != CollectionState.PURGED) {
                            undropped.add(info.id());
                        }
                    }
                    marked.forEach(drain::clear);
                    marked.clear();
                    recorded = stored;
                    recordedLsn = Math.max(recordedLsn, before);
                    uncertain = false;
                })
                .toCompletableFuture();
    }

    /** Runs a change after the one that was asked for before it has ended, however it ended. */
    private synchronized <T extends @Nullable Object> CompletableFuture<T> inTurn(
            Supplier<CompletableFuture<T>> change) {
        CompletableFuture<T> mine =
                lastChange.handle((done, failure) -> done).thenCompose(before -> change.get());
        lastChange = mine;
        return mine;
    }

    private static void requireName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0
                || bytes > CatalogCodec.MAX_NAME_BYTES
                || name.startsWith("_system")
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A collection's name has 1 to "
                            + CatalogCodec.MAX_NAME_BYTES
                            + " UTF-8 bytes, no control characters, and does not begin with"
                            + " _system: bytes="
                            + bytes);
        }
    }

    private static CollectionInfo require(@Nullable CollectionInfo info, String name) {
        if (info == null) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND, "There is no such collection: collection=" + name);
        }
        return info;
    }

    private static NodeDbException otherEngine(CollectionInfo existing, CollectionOptions options) {
        return new NodeDbException(
                ErrorCode.INVALID_ARGUMENT,
                "The collection exists with another engine: collection="
                        + existing.name()
                        + " engine="
                        + existing.engine()
                        + " wanted="
                        + options.engine());
    }

    /** What came of beginning to change a definition. */
    private sealed interface Begun {
        record Now(PendingDefinition pending) implements Begun {}

        /** Another change of it is under way. */
        record After(CompletableFuture<Boolean> other) implements Begun {}
    }

    /** What a change makes of one collection. */
    private record Change(CollectionInfo after, boolean isNeeded) {
        static Change to(CollectionInfo after) {
            return new Change(after, true);
        }

        static Change none(CollectionInfo present) {
            return new Change(present, false);
        }
    }
}
