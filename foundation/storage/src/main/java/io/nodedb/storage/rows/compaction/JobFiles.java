package io.nodedb.storage.rows.compaction;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.segment.FileNumbers;

/** Where jobs write files, and under which numbers. */
@Immutable
public record JobFiles(Disk disk, String directory, CheckpointOwner owner, FileNumbers numbers) {}
