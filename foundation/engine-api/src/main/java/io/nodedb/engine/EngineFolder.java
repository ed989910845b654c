package io.nodedb.engine;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.settings.Settings;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.DamageReports;
import io.nodedb.storage.rows.cache.BlockCache;

/**
 * Where an engine keeps files of its own, and what it reads them through.
 *
 * @param directory the engine's own, {@code p0003/document}
 * @param owner written into every file
 * @param incarnation of the database, written into manifests
 * @param cache of the core that owns the partition, shared by all its engines; outlives them
 * @param damage where damage is reported; returns at once
 */
public record EngineFolder(
        Disk disk,
        String directory,
        CheckpointOwner owner,
        long incarnation,
        TimeSource time,
        BlockCache cache,
        DamageReports damage,
        Settings settings) {}
