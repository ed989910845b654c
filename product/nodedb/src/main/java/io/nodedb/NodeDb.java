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
import io.nodedb.control.catalog.PendingDefinition;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.control.scan.RangeScan;
import io.nodedb.control.scan.ScanEntry;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionChange;
import io.nodedb.document.rules.UuidSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
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
    private final RulesCache rules;

    /** A database that was opened elsewhere and that this takes over. */
    public NodeDb(RunningDatabase database, TimeSource time) {
        this(database, time, new SecureRandom());
    }

    /** As above; {@code random} makes the ids that the database generates. */
    public NodeDb(RunningDatabase database, TimeSource time, RandomGenerator random) {
        this.database = database;
        this.control = database.control();
        this.time = time;
        this.rules = new RulesCache(new UuidSource(time, random), time);
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
     * A collection of documents; created, with default settings and without a definition, when
     * there is none of that name. Opening the same name again is cheap.
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
        return documents(info);
    }

    private Documents documents(CollectionInfo info) {
        return new CollectionDocuments(
                control,
                control.keyValue(info, control.callDefaults()),
                new DocumentCollection(control.catalog(), rules, info),
                time);
    }

    /**
     * Creates a collection of documents with a definition; the one of that name when it is there
     * and says the same. So a program may begin with this, whether its database is new or not.
     *
     * <pre>{@code
     * Documents people =
     *         db.createDocuments(
     *                 "people",
     *                 CollectionDefinition.strict(
     *                         PrimaryKey.generated("id"),
     *                         NewColumn.of("id", Type.UUID),
     *                         NewColumn.of("name", Type.TEXT).notNull(),
     *                         NewColumn.of("age", Type.INT4)));
     * Id id = people.insert(Document.empty().with("name", "Ada").with("age", 36));
     * }</pre>
     *
     * @throws NodeDbException {@code DUPLICATE_RELATION} when one is there with another definition,
     *     which {@link #alterDocuments} changes; {@code UNSUPPORTED} for indexes and foreign keys,
     *     which are not kept yet
     */
    public Documents createDocuments(String collection, CollectionDefinition definition) {
        return createDocuments(collection, definition, CollectionSettings.DEFAULTS);
    }

    /**
     * As {@link #createDocuments(String, CollectionDefinition)}; {@code settings} count only when
     * it is created.
     */
    public Documents createDocuments(
            String collection, CollectionDefinition definition, CollectionSettings settings) {
        RulesCache.requireKept(definition);
        CollectionInfo info =
                control.createCollection(
                        requireNonNull(collection, "collection"),
                        settings.internal()
                                .withEngine(CollectionOptions.DOCUMENT_ENGINE)
                                .withDefinition(RulesCache.write(definition)));
        if (!rules.of(info).definition().saysTheSameAs(definition)) {
            throw new NodeDbException(
                    ErrorCode.DUPLICATE_RELATION,
                    "The collection exists with another definition: collection=" + collection);
        }
        return documents(info);
    }

    /**
     * Changes the definition of a collection of documents, all steps at once: every write is made
     * by the definition before or by the one after, and a reader sees rows of both as the one
     * after. Rows that stand are not rewritten. Where they might break what comes, they are looked
     * at, and the change is refused when one does; writers wait for as long.
     *
     * <p>A collection that was created without a definition has the one of a schemaless collection
     * with ids beside the documents.
     *
     * @return the definition after it
     * @throws NodeDbException {@code NOT_FOUND} without such a collection; as {@link
     *     io.nodedb.document.definition.DefinitionChange} says; with the row's key, what it breaks
     */
    public CollectionDefinition alterDocuments(String collection, DefinitionChange change) {
        CollectionInfo info = control.catalog().state().live(collection);
        if (info == null || info.engine() != CollectionOptions.DOCUMENT_ENGINE) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND,
                    "There is no such collection of documents: collection=" + collection);
        }
        if (change.steps().isEmpty()) {
            return rules.of(info).definition();
        }
        CollectionInfo changed =
                control.changeDefinition(
                        info.id(),
                        before -> rules.changed(before, change),
                        pending -> {
                            if (change.restrictsRows()) {
                                verify(pending);
                            }
                        });
        return rules.of(changed).definition();
    }

    private void verify(PendingDefinition pending) {
        CollectionRules after = rules.of(pending.after().definition());
        try (RangeScan rows = control.scan(pending.after(), KeyRange.ALL, control.callDefaults())) {
            for (ScanEntry row = rows.next(); row != null; row = rows.next()) {
                after.verify(row.key(), row.value());
            }
        }
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
        CollectionInfo purged = control.purgeCollection(info.id());
        rules.forget(purged.id());
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
                                body.apply(
                                        new SnapshotTransaction(
                                                control, transaction, rules, time)));
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
