package io.nodedb.document.engine;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineContract;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFolder;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.cache.BlockCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

class DocumentEngineContractTest extends EngineContract {
    private final List<BlockCache> caches = new ArrayList<>();

    @Override
    protected Engine create(EngineEnvironment environment) {
        DocumentEngineFactory factory = new DocumentEngineFactory();
        MemoryDisk disk = new MemoryDisk();
        CheckpointOwner owner =
                new CheckpointOwner(77, DocumentEngineFactory.ID, environment.partition());
        BlockCache cache = new BlockCache(environment.governor(), 1 << 20);
        caches.add(cache);
        try {
            factory.begin(disk, "p0003/document", owner, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return factory.create(
                new EngineEnvironment(
                        environment.partition(),
                        environment.governor(),
                        environment.horizon(),
                        new EngineFolder(
                                disk,
                                "p0003/document",
                                owner,
                                1,
                                SystemTimeSource.INSTANCE,
                                cache,
                                (damage, covered) -> {
                                    throw damage;
                                },
                                Settings.builder(RuntimeSettings.allAreas()).build())));
    }

    @Override
    protected void closeSurroundings() {
        caches.forEach(BlockCache::close);
    }
}
