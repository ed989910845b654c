package io.nodedb.storage.rows;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.cache.BlockCache;

/**
 * What a store stands on.
 *
 * @param directory the store's own, {@code p0003/rows}
 * @param owner written into every file
 * @param incarnation of the database, written into manifests
 * @param cache of the core that owns the store; outlives it
 * @param horizon which old versions are still needed
 * @param damage where damage is reported
 */
public record RowStoreEnvironment(
        Disk disk,
        String directory,
        CheckpointOwner owner,
        long incarnation,
        TimeSource time,
        MemoryGovernor governor,
        BlockCache cache,
        VersionHorizon horizon,
        DamageReports damage,
        RowStoreSettings settings) {}
