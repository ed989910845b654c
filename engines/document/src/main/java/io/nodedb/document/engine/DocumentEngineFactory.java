package io.nodedb.document.engine;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFolder;
import io.nodedb.engine.FileEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.LevelledRowStore;
import io.nodedb.storage.rows.RecoveredRows;
import io.nodedb.storage.rows.RowStoreEnvironment;
import io.nodedb.storage.rows.RowStoreLoader;
import io.nodedb.storage.rows.RowStoreSettings;
import io.nodedb.storage.rows.manifest.RowManifest;
import io.nodedb.storage.rows.segment.Levels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/** Makes document engines over their folders. */
@Immutable
public final class DocumentEngineFactory implements FileEngineFactory {
    /** Number of this engine in effects and file headers; stable. */
    public static final int ID = 2;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public String name() {
        return "document";
    }

    @Override
    public boolean isNew(Disk disk, String directory, CheckpointOwner owner) throws IOException {
        return !disk.exists(directory) || loader(disk, directory, owner).isNew();
    }

    @Override
    public void begin(Disk disk, String directory, CheckpointOwner owner, long incarnation)
            throws IOException {
        loader(disk, directory, owner).create(incarnation);
    }

    @Override
    public long highestLsn(Disk disk, String directory, CheckpointOwner owner) throws IOException {
        return loader(disk, directory, owner).highestLsn();
    }

    /** For questions that find no damage. */
    private static RowStoreLoader loader(Disk disk, String directory, CheckpointOwner owner) {
        return new RowStoreLoader(disk, directory, owner, (damage, covered) -> {});
    }

    @Override
    public Engine create(EngineEnvironment environment) {
        EngineFolder folder = environment.requireFolder();
        try {
            RecoveredRows recovered =
                    new RowStoreLoader(
                                    folder.disk(),
                                    folder.directory(),
                                    folder.owner(),
                                    folder.damage())
                            .load();
            return over(environment, folder, recovered);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Engine createLost(EngineEnvironment environment) {
        EngineFolder folder = environment.requireFolder();
        RowManifest nothing = RowManifest.empty(folder.incarnation());
        Levels levels = Levels.of(Collections.nCopies(RowManifest.MAX_LEVELS, List.of()));
        return over(environment, folder, new RecoveredRows(nothing, levels, 1));
    }

    private static Engine over(
            EngineEnvironment environment, EngineFolder folder, RecoveredRows recovered) {
        return new DocumentEngine(
                new LevelledRowStore(
                        new RowStoreEnvironment(
                                folder.disk(),
                                folder.directory(),
                                folder.owner(),
                                folder.incarnation(),
                                folder.time(),
                                environment.governor(),
                                folder.cache(),
                                environment.horizon()::needed,
                                folder.damage(),
                                RowStoreSettings.of(folder.settings())),
                        recovered),
                environment.governor());
    }
}
