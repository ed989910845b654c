package io.nodedb.assembly;

import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.settings.RowSettings;
import io.nodedb.data.maintenance.CheckpointService.Place;
import io.nodedb.data.maintenance.DamageQueue;
import io.nodedb.engine.EngineFactory;
import io.nodedb.engine.EngineFolder;
import io.nodedb.engine.FileEngineFactory;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.directory.DatabaseFormat;
import io.nodedb.storage.quarantine.DamageKind;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.rows.cache.BlockCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The folders of engines that keep files of their own, and each core's block cache, through which
 * all of its engines read. The caches are made here and then belong to their cores.
 */
@Immutable
final class RowFolders {
    /** Of the memory beside the heap, when {@code rows_cache} does not say. */
    private static final int DEFAULT_CACHE_SHARE = 4;

    /** A core's cache holds the blocks of some reads at a time, however small it is to be. */
    private static final long SMALLEST_CACHE_BYTES = 64 << 10;

    private final Environment environment;
    private final DatabaseFormat format;
    private final long incarnation;
    private final DamageQueue damage;
    private final List<BlockCache> caches = new ArrayList<>();

    /**
     * @param incarnation of the database once its log is started
     */
    RowFolders(
            Environment environment,
            DatabaseFormat format,
            QuarantineRegistry quarantine,
            long incarnation) {
        this.environment = environment;
        this.format = format;
        this.incarnation = incarnation;
        this.damage =
                new DamageQueue((found, covered) ->
                        quarantine.list(DamageKind.TABLE_SEGMENT, found, covered));
        long wanted = environment.settings().get(RowSettings.ROWS_CACHE);
        long all = wanted > 0 ? wanted : environment.governor().limit() / DEFAULT_CACHE_SHARE;
        for (int core = 0; core < environment.cores(); core++) {
            caches.add(
                    new BlockCache(
                            environment.governor(),
                            Math.max(SMALLEST_CACHE_BYTES, all / environment.cores())));
        }
    }

    /** The folder of an engine of a partition. */
    EngineFolder of(int partition, int engineId) {
        EngineFactory factory = null;
        for (EngineFactory known : environment.engines()) {
            factory = known.id() == engineId ? known : factory;
        }
        return new EngineFolder(
                environment.disk(),
                directory(partition, java.util.Objects.requireNonNull(factory)),
                new CheckpointOwner(format.databaseId(), engineId, partition),
                incarnation,
                environment.time(),
                caches.get(OpenedStorage.coreOf(partition, environment.cores())),
                damage,
                environment.settings());
    }

    /** What was found damaged in files of rows, and is not listed yet. */
    DamageQueue damage() {
        return damage;
    }

    /** Frees the caches. No engine and no reading thread may be at work any more. */
    void close() {
        caches.forEach(BlockCache::close);
    }

    /** Places of engines with files of their own in a partition. */
    static Set<Place> placesOf(Environment environment, int partition) {
        Set<Place> places = new LinkedHashSet<>();
        for (EngineFactory engine : environment.engines()) {
            if (engine instanceof FileEngineFactory) {
                places.add(new Place(partition, engine.id()));
            }
        }
        return places;
    }

    /** Up to which commit the log was synced, as far as these folders know. */
    static long highestLsn(Environment environment, DatabaseFormat format) throws IOException {
        long highest = 0;
        for (EngineFactory engine : environment.engines()) {
            if (engine instanceof FileEngineFactory filed) {
                for (int partition = 0; partition < format.partitions(); partition++) {
                    highest =
                            Math.max(
                                    highest,
                                    filed.highestLsn(
                                            environment.disk(),
                                            directory(partition, engine),
                                            new CheckpointOwner(
                                                    format.databaseId(), engine.id(), partition)));
                }
            }
        }
        return highest;
    }

    private static String directory(int partition, EngineFactory engine) {
        return Partitions.directory(partition) + "/" + engine.name();
    }
}
