package io.nodedb.data.recovery;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Shared;
import io.nodedb.data.failure.Failures;
import io.nodedb.data.maintenance.CheckpointService.Place;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFactory;
import io.nodedb.engine.EngineFiles;
import io.nodedb.engine.EngineFolder;
import io.nodedb.engine.FileEngineFactory;
import io.nodedb.engine.Horizon;
import io.nodedb.storage.checkpoint.CheckpointLoader;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.CheckpointTarget;
import io.nodedb.storage.checkpoint.ManifestStore;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.wal.CommitCursor;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.LogReader;
import io.nodedb.storage.wal.ReadLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings engines back from their newest good checkpoint and the log. Effects of purged collections
 * (tombstones) and of collections that the catalog does not know are skipped: a purged collection
 * never comes back.
 *
 * <p>A failure while one engine replays marks that engine as recovering and leaves the others
 * alone; damage in the log is an exception, because nothing after it can be trusted.
 */
@Shared("immutable")
public final class EngineLoader {
    private final Map<Integer, EngineFactory> factories;
    private final MemoryGovernor governor;
    private final Horizon horizon;
    private final LogReader log;
    private final QuarantineRegistry quarantine;
    private final Failures failures;
    private final RecoveryProgress progress;
    private final EngineFolders folders;

    /**
     * As the other constructor, when nobody wants to know how far it has come, and no engine has
     * files of its own.
     */
    public EngineLoader(
            List<EngineFactory> factories,
            MemoryGovernor governor,
            Horizon horizon,
            LogReader log,
            QuarantineRegistry quarantine,
            Failures failures) {
        this(
                factories,
                governor,
                horizon,
                log,
                quarantine,
                failures,
                new RecoveryProgress(),
                (partition, engineId) -> {
                    throw new BugException("no engine has files of its own");
                });
    }

    public EngineLoader(
            List<EngineFactory> factories,
            MemoryGovernor governor,
            Horizon horizon,
            LogReader log,
            QuarantineRegistry quarantine,
            Failures failures,
            RecoveryProgress progress,
            EngineFolders folders) {
        this.factories = new HashMap<>();
        for (EngineFactory factory : factories) {
            Check.that(
                    this.factories.put(factory.id(), factory) == null,
                    "engine numbers are unique",
                    factory.id());
        }
        this.governor = governor;
        this.horizon = horizon;
        this.log = log;
        this.quarantine = quarantine;
        this.failures = failures;
        this.progress = progress;
        this.folders = folders;
    }

    /** Do the engines of a kind keep files of their own? */
    public boolean keepsFiles(int engineId) {
        return factory(engineId) instanceof FileEngineFactory;
    }

    private EngineFactory factory(int engineId) {
        EngineFactory factory = factories.get(engineId);
        Check.that(factory != null, "the engine has a factory", engineId);
        return java.util.Objects.requireNonNull(factory);
    }

    private EngineEnvironment environment(int engineId, int partition) {
        return keepsFiles(engineId)
                ? new EngineEnvironment(
                        partition, governor, horizon, folders.of(partition, engineId))
                : new EngineEnvironment(partition, governor, horizon);
    }

    /** An empty engine, or one over its own files. */
    public Engine create(int engineId, int partition) {
        return factory(engineId).create(environment(engineId, partition));
    }

    /**
     * Loads all engines of one core: each one's checkpoint, then the log in one pass.
     *
     * @param describe makes an engine know its collections before anything is loaded
     * @param tombstones purged collections
     * @param nowMillis starts the engines' timers
     */
    public List<EngineSlot> load(
            Map<Place, ManifestStore> places,
            BiConsumer<Integer, Engine> describe,
            Set<Integer> tombstones,
            long nowMillis)
            throws IOException {
        return load(places, Set.of(), engineId -> false, describe, tombstones, nowMillis);
    }

    /**
     * As above, with engines that keep files of their own.
     *
     * @param filed their places
     * @param used true for engines of which the catalog knows a collection: without a manifest
     *     their rows are lost, where others only begin
     */
    public List<EngineSlot> load(
            Map<Place, ManifestStore> places,
            Set<Place> filed,
            IntPredicate used,
            BiConsumer<Integer, Engine> describe,
            Set<Integer> tombstones,
            long nowMillis)
            throws IOException {
        List<LoadedEngine> engines = new ArrayList<>();
        try {
            for (Place place : filed) {
                engines.add(openFiles(place, used.test(place.engineId()), describe, tombstones));
                progress.checkpointLoaded();
            }
            for (Map.Entry<Place, ManifestStore> place : places.entrySet()) {
                engines.add(loadCheckpoint(place.getKey(), place.getValue(), describe));
            }
            replay(engines, tombstones, Long.MAX_VALUE);
            List<EngineSlot> slots = new ArrayList<>();
            for (LoadedEngine loaded : engines) {
                loaded.engine.opened(nowMillis);
                slots.add(loaded.toSlot());
            }
            return slots;
        } catch (Throwable failure) {
            engines.forEach(loaded -> loaded.engine.close());
            throw failure;
        }
    }

    private LoadedEngine openFiles(
            Place place,
            boolean isUsed,
            BiConsumer<Integer, Engine> describe,
            Set<Integer> tombstones)
            throws IOException {
        FileEngineFactory factory = (FileEngineFactory) factory(place.engineId());
        EngineEnvironment environment = environment(place.engineId(), place.partition());
        EngineFolder folder = environment.requireFolder();
        String missing = null;
        if (factory.isNew(folder.disk(), folder.directory(), folder.owner())) {
            if (isUsed && log.reachesBackTo() > 0) {
                missing = "it has no files, and the log does not hold everything";
            } else {
                factory.begin(
                        folder.disk(), folder.directory(), folder.owner(), folder.incarnation());
            }
        }
        Engine engine = null;
        try {
            engine = missing == null ? open(factory, environment) : null;
        } catch (DamagedFileException damage) {
            folder.damage().damaged(damage, folder.owner().describe() + ", its manifests");
            missing = damage.getMessage();
        }
        if (engine != null && files(engine).coveredLsn() < log.reachesBackTo()) {
            missing = "the log does not reach back to what its files cover";
        }
        if (engine == null) {
            engine = factory.createLost(environment);
        }
        describe.accept(place.engineId(), engine);
        tombstones.forEach(engine::drop);
        LoadedEngine loaded =
                new LoadedEngine(
                        place.partition(),
                        place.engineId(),
                        folder.owner(),
                        engine,
                        files(engine).coveredLsn());
        if (missing != null) {
            loaded.lost = true;
            failures.notice(
                    true,
                    folder.owner().describe()
                            + " can't be opened; it answers "
                            + ErrorCode.QUARANTINED
                            + ": "
                            + missing);
        }
        return loaded;
    }

    private static Engine open(EngineFactory factory, EngineEnvironment environment)
            throws IOException {
        try {
            return factory.create(environment);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static EngineFiles files(Engine engine) {
        return java.util.Objects.requireNonNull(engine.files());
    }

    /**
     * Opens an engine with files of its own again, up to a commit. Nobody may be at work on its
     * files.
     *
     * @param fresh makes an engine that knows its collections
     */
    public Engine reload(Supplier<Engine> fresh, int partition, int engineId, long lastLsn)
            throws IOException {
        CheckpointOwner owner = folders.of(partition, engineId).owner();
        Engine engine;
        try {
            engine = fresh.get();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        try {
            replayAgain(
                    new LoadedEngine(
                            partition, engineId, owner, engine, files(engine).coveredLsn()),
                    lastLsn);
            return engine;
        } catch (Throwable failure) {
            engine.close();
            throw failure;
        }
    }

    private LoadedEngine loadCheckpoint(
            Place place, ManifestStore store, BiConsumer<Integer, Engine> describe)
            throws IOException {
        Target target =
                new Target(() -> {
                    Engine made = create(place.engineId(), place.partition());
                    describe.accept(place.engineId(), made);
                    return made;
                });
        CheckpointLoader.Result result;
        try {
            result = CheckpointLoader.load(store, log.reachesBackTo(), target, quarantine);
        } catch (Throwable failure) {
            target.close();
            throw failure;
        }
        progress.checkpointLoaded();
        LoadedEngine loaded =
                new LoadedEngine(
                        place.partition(),
                        place.engineId(),
                        store.owner(),
                        target.engine(),
                        result.coveredLsn());
        // A place without any manifest is new only while the log still holds everything since the
        // creation.
        boolean missing =
                result.outcome() == CheckpointLoader.Outcome.EMPTY && log.reachesBackTo() > 0;
        if (result.outcome() == CheckpointLoader.Outcome.LOST || missing) {
            loaded.lost = true;
            failures.notice(
                    true,
                    store.owner().describe()
                            + " has no whole checkpoint from which the log could continue; it answers "
                            + ErrorCode.QUARANTINED);
        }
        return loaded;
    }

    /**
     * Loads one engine again, up to a commit. Like at a start, the checkpoint before the newest
     * serves when that is damaged and the log reaches back far enough.
     *
     * @param fresh makes an empty engine that knows its collections; asked once more for each
     *     checkpoint that turns out to be damaged half-way
     * @return the loaded engine
     */
    public Engine reload(
            Supplier<Engine> fresh, int partition, int engineId, ManifestStore store, long lastLsn)
            throws IOException {
        Target target = new Target(fresh);
        try {
            reload(target, partition, engineId, store, lastLsn);
            return target.engine();
        } catch (Throwable failure) {
            target.close();
            throw failure;
        }
    }

    private void reload(
            Target target, int partition, int engineId, ManifestStore store, long lastLsn)
            throws IOException {
        CheckpointLoader.Result result =
                CheckpointLoader.load(store, log.reachesBackTo(), target, quarantine);
        if (result.outcome() == CheckpointLoader.Outcome.LOST) {
            throw new NodeDbException(
                    ErrorCode.QUARANTINED, "no checkpoint is whole: " + store.owner().describe());
        }
        replayAgain(
                new LoadedEngine(
                        partition, engineId, store.owner(), target.engine(), result.coveredLsn()),
                lastLsn);
    }

    private void replayAgain(LoadedEngine loaded, long lastLsn) {
        replay(List.of(loaded), Set.of(), lastLsn);
        if (loaded.failed) {
            throw new NodeDbException(
                    ErrorCode.INTERNAL,
                    "replaying the log failed again: " + loaded.owner.describe());
        }
    }

    private void replay(List<LoadedEngine> engines, Set<Integer> tombstones, long lastLsn) {
        Map<Integer, List<LoadedEngine>> byPartition = new HashMap<>();
        long from = Long.MAX_VALUE;
        for (LoadedEngine loaded : engines) {
            if (!loaded.lost) {
                byPartition.computeIfAbsent(loaded.partition, p -> new ArrayList<>()).add(loaded);
                from = Math.min(from, loaded.coveredLsn);
            }
        }
        if (byPartition.isEmpty()) {
            return;
        }
        EffectReader effects = new EffectReader();
        try (CommitCursor cursor =
                log.commitsFrom(
                        Math.max(from, log.reachesBackTo()),
                        byPartition::containsKey,
                        ReadLimit.DURABLE)) {
            while (cursor.next() && cursor.lsn() <= lastLsn) {
                progress.replayed(cursor.lsn());
                List<LoadedEngine> targets =
                        java.util.Objects.requireNonNull(byPartition.get(cursor.partition()));
                while (cursor.nextSlice(effects)) {
                    while (effects.next()) {
                        if (!tombstones.contains(effects.collection())) {
                            replayInto(targets, effects, cursor.lsn());
                        }
                    }
                }
            }
        }
    }

    private void replayInto(List<LoadedEngine> targets, EffectReader effect, long lsn) {
        for (LoadedEngine target : targets) {
            if (target.engineId != effect.engine() || target.failed || lsn <= target.coveredLsn) {
                continue;
            }
            try {
                target.engine.apply(effect, lsn);
            } catch (Throwable failure) {
                target.failed = true;
                failures.report("replay", target.owner.describe() + " at lsn=" + lsn, failure);
            }
        }
    }

    /**
     * Loads into a fresh engine, and into another one when a checkpoint turns out to be damaged
     * half-way.
     */
    private final class Target implements CheckpointTarget {
        private final Supplier<Engine> fresh;

        /** Null once it is closed. */
        private @Nullable Engine engine;

        Target(Supplier<Engine> fresh) {
            this.fresh = fresh;
            this.engine = fresh.get();
        }

        @Override
        public void begin() {
            close();
            engine = fresh.get();
        }

        @Override
        public void load(EffectReader effect, long lsn) {
            progress.checkpointEntry();
            engine().load(effect, lsn);
        }

        Engine engine() {
            return java.util.Objects.requireNonNull(engine);
        }

        void close() {
            Engine last = engine;
            engine = null;
            if (last != null) {
                last.close();
            }
        }
    }
}
