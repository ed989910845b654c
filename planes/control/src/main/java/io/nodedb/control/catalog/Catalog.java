package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.port.CollectionDrain;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the database: asked by one volatile read, changed one change at a time.
 *
 * <pre>
 *   create   commit entry and next id ──► OPEN on every core ──► publish
 *   drop     commit state             ──► publish
 *   purge    wait for open scans ──► commit state and tombstone ──► publish ──► DROP on every core
 * </pre>
 *
 * <p>A change is first made durable, then seen. When it was recorded but a core could not be told,
 * the caller gets that error, and the next change (or the same one again) tells the core. When its
 * outcome is unknown, the next change reads the stored catalog first; the conflict check of its
 * commit closes the gap.
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

    /** Brings the cores and the published state up to what is recorded. */
    private CompletableFuture<CollectionInfo> told(CollectionInfo result) {
        CompletableFuture<Void> steps = CompletableFuture.completedFuture(null);
        for (int id : List.copyOf(unopened)) {
            CollectionInfo info = require(recorded.byId(id), "id " + id);
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
        return steps.thenApply(all -> result);
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
                        if (info.state() != CollectionState.PURGED && known == null) {
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
