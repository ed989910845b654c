package io.nodedb.assembly;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionState;
import io.nodedb.data.maintenance.CheckpointService.Place;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.recovery.EngineLoader;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineFactory;
import io.nodedb.engine.FileEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.ManifestStore;
import io.nodedb.storage.directory.DatabaseFormat;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.quarantine.QuarantinedFile;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import io.nodedb.storage.wal.Wal;
import io.nodedb.storage.wal.WalOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A database's files, opened and recovered: identity, quarantine list, log, and every engine loaded
 * and replayed, system partition first. Used by the opening thread; then its parts go to their
 * owners.
 */
final class OpenedStorage {
    /** Number of the key-value engine, which also holds the system collections. */
    static final int KEY_VALUE = 1;

    final DatabaseFormat format;
    final QuarantineRegistry quarantine;
    final Wal wal;
    final WalOptions walOptions;
    final Map<Place, ManifestStore> stores;
    final EngineLoader loader;
    final SnapshotRegistry snapshots;
    final RowFolders folders;
    final CatalogState catalog;

    /** The catalog has to be written: the database is new. */
    final boolean fresh;

    /** Loaded engines of each core. */
    final List<List<EngineSlot>> slots;

    private OpenedStorage(
            DatabaseFormat format,
            QuarantineRegistry quarantine,
            Wal wal,
            WalOptions walOptions,
            Map<Place, ManifestStore> stores,
            EngineLoader loader,
            SnapshotRegistry snapshots,
            RowFolders folders,
            CatalogState catalog,
            boolean fresh,
            List<List<EngineSlot>> slots) {
        this.format = format;
        this.quarantine = quarantine;
        this.wal = wal;
        this.walOptions = walOptions;
        this.stores = stores;
        this.loader = loader;
        this.snapshots = snapshots;
        this.folders = folders;
        this.catalog = catalog;
        this.fresh = fresh;
        this.slots = slots;
    }

    /** The core of a partition, as long as the catalog does not say otherwise. */
    static int coreOf(int partition, int cores) {
        return partition == Partitions.SYSTEM ? 0 : partition % cores;
    }

    static OpenedStorage open(Environment environment) throws IOException {
        Disk disk = environment.disk();
        DatabaseFormat format = DatabaseFormat.read(disk);
        if (format == null) {
            format = create(environment);
        }
        emptyTmp(disk);
        QuarantineRegistry quarantine =
                QuarantineRegistry.open(disk, "quarantine", environment.time());
        Map<Place, ManifestStore> stores = openStores(environment, format);
        long knownSynced = 0;
        for (ManifestStore store : stores.values()) {
            knownSynced = Math.max(knownSynced, store.highestPublishedLsn());
        }
        knownSynced = Math.max(knownSynced, RowFolders.highestLsn(environment, format));
        environment.progress().expectCheckpoints(stores.size());
        environment.progress().begin("finding the end of the log");
        Wal wal =
                Wal.open(
                        disk,
                        "wal",
                        walOptions(environment),
                        format.databaseId(),
                        environment.time(),
                        knownSynced);
        try {
            return load(environment, format, quarantine, wal, stores);
        } catch (IOException | RuntimeException | Error failure) {
            wal.close();
            throw failure;
        }
    }

    private static OpenedStorage load(
            Environment environment,
            DatabaseFormat format,
            QuarantineRegistry quarantine,
            Wal wal,
            Map<Place, ManifestStore> stores)
            throws IOException {
        SnapshotRegistry snapshots =
                new SnapshotRegistry(wal.progress()::ackingLsn, snapshotSlots(environment));
        RowFolders folders =
                new RowFolders(environment, format, quarantine, wal.recovered().incarnation() + 1);
        EngineLoader loader =
                new EngineLoader(
                        environment.engines(),
                        environment.governor(),
                        snapshots::needed,
                        wal.reader(),
                        quarantine,
                        environment.failures(),
                        environment.progress(),
                        folders::of);
        Queue<EngineSlot> loaded = new ConcurrentLinkedQueue<>();
        try {
            return load(
                    environment,
                    format,
                    quarantine,
                    wal,
                    stores,
                    snapshots,
                    folders,
                    loader,
                    loaded);
        } catch (IOException | RuntimeException | Error failure) {
            loaded.forEach(slot -> slot.engine().close());
            folders.close();
            throw failure;
        }
    }

    /** After every part has stopped: syncs and closes the log, frees the engines' memory. */
    void close() {
        try {
            wal.close();
        } finally {
            for (List<EngineSlot> ofCore : slots) {
                ofCore.forEach(slot -> slot.engine().close());
            }
            folders.close();
        }
    }

    /** Names every file of the catalog that was found damaged, now or before. */
    private static NodeDbException damagedCatalog(
            Environment environment, QuarantineRegistry quarantine) {
        String catalog = Partitions.directory(Partitions.SYSTEM);
        StringBuilder found = new StringBuilder();
        for (QuarantinedFile file : quarantine.findings()) {
            if (file.path().startsWith(catalog + "/")) {
                found.append(" file=")
                        .append(environment.disk().describe(file.path()))
                        .append(" offset=")
                        .append(file.offset())
                        .append(" found=")
                        .append(file.what())
                        .append(" moved_to=")
                        .append(file.movedTo())
                        .append(';');
            }
        }
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "the catalog is damaged and the database does not open: directory="
                        + environment.disk().describe(catalog)
                        + found);
    }

    /**
     * @param loaded gets every engine as soon as it is loaded; whoever asked closes them when this
     *     fails
     */
    private static OpenedStorage load(
            Environment environment,
            DatabaseFormat format,
            QuarantineRegistry quarantine,
            Wal wal,
            Map<Place, ManifestStore> stores,
            SnapshotRegistry snapshots,
            RowFolders folders,
            EngineLoader loader,
            Queue<EngineSlot> loaded)
            throws IOException {
        environment.progress().begin("loading checkpoints and replaying the log");
        long nowMillis = environment.time().epochMillis();
        Set<Integer> tombstones = wal.recovered().tombstones();
        List<EngineSlot> system =
                loader.load(
                        placesOf(stores, Partitions.SYSTEM),
                        OpenedStorage::describeSystem,
                        tombstones,
                        nowMillis);
        loaded.addAll(system);
        for (EngineSlot slot : system) {
            if (slot.recovering()) {
                throw damagedCatalog(environment, quarantine);
            }
        }
        var entries = CatalogReader.read(system.getFirst().engine(), nowMillis);
        boolean fresh = CatalogState.isNew(entries);
        CatalogState catalog =
                fresh ? CatalogState.initial(format.partitions()) : CatalogState.read(entries);
        Set<Integer> purged = new HashSet<>(tombstones);
        purged.addAll(catalog.tombstones());
        List<Callable<List<EngineSlot>>> jobs = new ArrayList<>();
        for (int core = 0; core < environment.cores(); core++) {
            Map<Place, ManifestStore> places = new LinkedHashMap<>();
            Set<Place> filed = new LinkedHashSet<>();
            for (int partition = core;
                    partition < format.partitions();
                    partition += environment.cores()) {
                places.putAll(placesOf(stores, partition));
                filed.addAll(RowFolders.placesOf(environment, partition));
            }
            jobs.add(() -> {
                List<EngineSlot> ofCore =
                        loader.load(
                                places,
                                filed,
                                engineId -> isUsed(catalog, engineId),
                                (engineId, engine) -> describe(catalog, engineId, engine),
                                purged,
                                nowMillis);
                loaded.addAll(ofCore);
                return ofCore;
            });
        }
        List<List<EngineSlot>> slots = new ArrayList<>();
        for (List<EngineSlot> ofCore : environment.loading().run(jobs)) {
            slots.add(new ArrayList<>(ofCore));
        }
        folders.damage().listAll();
        slots.getFirst().addAll(0, system);
        return new OpenedStorage(
                format,
                quarantine,
                wal,
                walOptions(environment),
                stores,
                loader,
                snapshots,
                folders,
                catalog,
                fresh,
                slots);
    }

    private static DatabaseFormat create(Environment environment) throws IOException {
        if (!environment.disk().list("wal").isEmpty()) {
            throw new NodeDbException(
                    ErrorCode.DATA_CORRUPTED,
                    "the directory holds a log but no file "
                            + DatabaseFormat.FILE
                            + ": path="
                            + environment.disk().describe(DatabaseFormat.FILE));
        }
        int partitions = environment.settings().get(RuntimeSettings.PARTITIONS);
        DatabaseFormat format =
                new DatabaseFormat(
                        environment.random().nextLong(1, Long.MAX_VALUE),
                        partitions == 0 ? environment.cores() : partitions,
                        environment.time().epochMillis());
        format.create(environment.disk());
        return format;
    }

    private static void emptyTmp(Disk disk) throws IOException {
        disk.createDirectories("tmp");
        for (String name : disk.list("tmp")) {
            disk.delete("tmp/" + name);
        }
    }

    private static Map<Place, ManifestStore> openStores(
            Environment environment, DatabaseFormat format) throws IOException {
        Map<Place, ManifestStore> stores = new LinkedHashMap<>();
        for (EngineFactory engine : environment.engines()) {
            for (int partition = -1; partition < format.partitions(); partition++) {
                int id = partition < 0 ? Partitions.SYSTEM : partition;
                boolean filed = engine instanceof FileEngineFactory;
                if (filed || (id == Partitions.SYSTEM && engine.id() != KEY_VALUE)) {
                    continue;
                }
                CheckpointOwner owner = new CheckpointOwner(format.databaseId(), engine.id(), id);
                stores.put(
                        new Place(id, engine.id()),
                        ManifestStore.open(
                                environment.disk(),
                                Partitions.directory(id) + "/" + engine.name(),
                                owner));
            }
        }
        return stores;
    }

    private static Map<Place, ManifestStore> placesOf(
            Map<Place, ManifestStore> stores, int partition) {
        Map<Place, ManifestStore> places = new LinkedHashMap<>();
        for (Map.Entry<Place, ManifestStore> store : stores.entrySet()) {
            if (store.getKey().partition() == partition) {
                places.put(store.getKey(), store.getValue());
            }
        }
        return places;
    }

    private static WalOptions walOptions(Environment environment) {
        var settings = environment.settings();
        return new WalOptions(
                Math.toIntExact(settings.get(WalSettings.WAL_SEGMENT)),
                settings.get(WalSettings.WAL_SPARE_SEGMENTS),
                Math.toIntExact(
                        settings.get(WalSettings.WAL_RECYCLE)
                                / settings.get(WalSettings.WAL_SEGMENT)),
                Math.toIntExact(settings.get(WalSettings.WAL_RING)),
                2 * settings.get(WalSettings.WAL_UNACKNOWLEDGED),
                Math.toIntExact(settings.get(WalSettings.WAL_GROUP)),
                settings.nanos(WalSettings.ASYNC_SYNC_INTERVAL),
                settings.nanos(WalSettings.WAL_GATHER),
                settings.nanos(WalSettings.WAL_RETRY_INTERVAL),
                settings.get(WalSettings.WAL_KEEP),
                settings.millis(WalSettings.WAL_KEEP_TIME));
    }

    /** The registry's slots come in whole words. */
    private static int snapshotSlots(Environment environment) {
        int wanted = environment.settings().get(RuntimeSettings.SNAPSHOT_SLOTS);
        return (wanted + Long.SIZE - 1) / Long.SIZE * Long.SIZE;
    }

    private static void describeSystem(int engineId, Engine engine) {
        if (engineId == KEY_VALUE) {
            engine.openCollection(SystemCollections.CATALOG, CollectionOptions.SYSTEM);
            engine.openCollection(SystemCollections.IDEMPOTENCY, CollectionOptions.SYSTEM);
        }
    }

    private static boolean isUsed(CatalogState catalog, int engineId) {
        return catalog.collections().stream()
                .anyMatch(collection ->
                        collection.engine() == engineId
                                && collection.state() != CollectionState.PURGED);
    }

    private static void describe(CatalogState catalog, int engineId, Engine engine) {
        describeSystem(engineId, engine);
        for (CollectionInfo collection : catalog.collections()) {
            if (collection.engine() == engineId && collection.state() != CollectionState.PURGED) {
                engine.openCollection(
                        collection.id(),
                        new CollectionOptions(
                                collection.feed(),
                                collection.tenant(),
                                collection.definition().version()));
            }
        }
    }
}
