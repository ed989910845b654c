package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.assembly.BackupPort;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.assembly.RunningDatabase;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An embedded database: one process, one directory, no server.
 *
 * <p>Open it once and share it: it is safe for every thread, and so is what {@link #kv} returns.
 * Close it when the program ends; should that not happen, nothing that was acknowledged is lost.
 */
public final class NodeDb implements AutoCloseable {
    private final RunningDatabase database;
    private final ControlPlane control;
    private final TimeSource time;

    /** A database that was opened elsewhere and that this takes over. */
    public NodeDb(RunningDatabase database, TimeSource time) {
        this.database = database;
        this.control = database.control();
        this.time = time;
    }

    /**
     * Opens the database in a directory with default settings; creates it when there is none.
     *
     * @throws NodeDbException {@code ALREADY_OPEN} when another process holds the directory; {@code
     *     DATA_CORRUPTED} when its catalog or its log is damaged
     */
    public static NodeDb open(Path directory) {
        return open(directory, Settings.defaults());
    }

    /** As {@link #open(Path)}, with settings. */
    public static NodeDb open(Path directory, Settings settings) {
        return assemble(requireNonNull(directory, "directory"), settings);
    }

    /** A database in memory, which is gone when it is closed. */
    public static NodeDb inMemory() {
        return inMemory(Settings.defaults());
    }

    /** As {@link #inMemory()}, with settings. */
    public static NodeDb inMemory(Settings settings) {
        return assemble(null, settings);
    }

    private static NodeDb assemble(@Nullable Path directory, Settings settings) {
        return new NodeDb(EmbeddedDatabase.open(directory, settings), SystemTimeSource.INSTANCE);
    }

    /**
     * A key-value collection; created, with default settings, when there is none of that name.
     * Opening the same name again is cheap.
     */
    public KeyValue kv(String collection) {
        return kv(collection, CollectionSettings.DEFAULTS);
    }

    /** As {@link #kv(String)}; {@code settings} count only when the collection is created. */
    public KeyValue kv(String collection, CollectionSettings settings) {
        CollectionInfo info =
                control.createCollection(
                        requireNonNull(collection, "collection"), settings.internal());
        return new CollectionKeyValue(
                control, control.keyValue(info, control.callDefaults()), time);
    }

    /**
     * A collection of documents; created, with default settings, when there is none of that name.
     * Opening the same name again is cheap.
     */
    public Documents documents(String collection) {
        return documents(collection, CollectionSettings.DEFAULTS);
    }

    /** As {@link #documents(String)}; {@code settings} count only when it is created. */
    public Documents documents(String collection, CollectionSettings settings) {
        CollectionInfo info =
                control.createCollection(
                        requireNonNull(collection, "collection"),
                        settings.internal().withEngine(CollectionOptions.DOCUMENT_ENGINE));
        return new CollectionDocuments(control, control.keyValue(info, control.callDefaults()));
    }

    /** Names of the collections, sorted. */
    public List<String> collections() {
        return control.catalog().state().collections().stream()
                .filter(CollectionInfo::live)
                .map(CollectionInfo::name)
                .sorted()
                .toList();
    }

    /**
     * Drops a collection: its name is free at once, its data stays and can be brought back by
     * {@link #undrop} until it is purged.
     */
    public void drop(String collection) {
        CollectionInfo ignored = control.dropCollection(collection);
    }

    /** Brings back the latest dropped collection of a name; no live one may have it meanwhile. */
    public void undrop(String collection) {
        CollectionInfo ignored = control.undropCollection(collection);
    }

    /**
     * Removes a collection for good: the live one of that name, else the latest dropped one. Waits
     * until its open scans have ended.
     */
    public void purge(String collection) {
        CatalogState state = control.catalog().state();
        CollectionInfo info = state.live(collection);
        if (info == null) {
            info = state.dropped(collection);
        }
        if (info == null) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND, "There is no such collection: collection=" + collection);
        }
        CollectionInfo ignored = control.purgeCollection(info.id());
    }

    /**
     * Runs a function in a transaction and commits what it wrote. On a conflict it is rolled back
     * and run again, so it must have no effects of its own. What it throws rolls back and reaches
     * the caller.
     *
     * @return what the function returned in the attempt that was committed
     */
    public <R extends @Nullable Object> R transaction(Function<Transaction, R> body) {
        return transaction(TransactionOptions.DEFAULTS, body);
    }

    /** As {@link #transaction(Function)}, with options. */
    public <R extends @Nullable Object> R transaction(
            TransactionOptions options, Function<Transaction, R> body) {
        return control.transactions()
                .run(
                        options.over(control.callDefaults()),
                        transaction ->
                                body.apply(new SnapshotTransaction(control, transaction, time)));
    }

    /** As {@link #transaction(Function)}, without a result. */
    public void inTransaction(Consumer<Transaction> body) {
        inTransaction(TransactionOptions.DEFAULTS, body);
    }

    /** As {@link #inTransaction(Consumer)}, with options. */
    public void inTransaction(TransactionOptions options, Consumer<Transaction> body) {
        Boolean ignored =
                transaction(
                        options,
                        transaction -> {
                            body.accept(transaction);
                            return Boolean.TRUE;
                        });
    }

    /**
     * The changes of all collections with a feed that were committed after {@code fromLsn}; 0 reads
     * from as far back as the log reaches. {@code LSN_TOO_OLD} when that is not far enough.
     */
    public ChangeFeed changes(long fromLsn) {
        return new ChangeFeed(database.changes().open(fromLsn), control.catalog());
    }

    /** What the database can do at this moment. */
    public Health health() {
        return database.health();
    }

    /**
     * Copies the database to a directory while it is used, as {@link Backup} says. The calling
     * thread does the work; nobody waits for it. A database in memory is written out.
     *
     * @param target does not exist yet; its parent does
     * @throws NodeDbException as {@link Backup#of}
     */
    public Backup backup(Path target) {
        BackupPort port = database.backups();
        // Without a free pin, or when the log is not to be kept, a copying that misses a part of
        // the
        // log begins anew.
        int pin = port.pins().pin(0);
        try {
            return Backup.copy(port.disk(), requireNonNull(target, "target"), true);
        } finally {
            if (pin >= 0) {
                port.pins().unpin(pin);
            }
        }
    }

    /** Every counter, gauge and histogram. */
    public MetricRegistry metrics() {
        return database.metrics();
    }

    /**
     * Refuses new work, lets what runs finish, takes a checkpoint and releases the directory.
     * Nothing happens when it is closed.
     */
    @Override
    public void close() {
        database.close();
    }
}
