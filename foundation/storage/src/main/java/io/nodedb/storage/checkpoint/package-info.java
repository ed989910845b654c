/**
 * Checkpoints of in-memory engines on disk: immutable files of entries (a base and the deltas
 * since), and per partition and engine a manifest that says which of them count.
 *
 * <pre>
 *   core       {@link io.nodedb.storage.checkpoint.CheckpointBlock} (entries, at most 64 KiB)
 *   worker     {@link io.nodedb.storage.checkpoint.CheckpointFileWriter} → file
 *   worker     {@link io.nodedb.storage.checkpoint.ManifestStore#publish} once the log is synced that far
 *   start      {@link io.nodedb.storage.checkpoint.CheckpointLoader} → engine, then replay after coveredLsn
 *   worker     {@link io.nodedb.storage.checkpoint.CheckpointMerge} base + deltas → new base
 * </pre>
 *
 * <p>Entry type: {@code ManifestStore}. Thread rule: a block belongs to the core or, once handed
 * over, to the worker; everything else belongs to one background thread at a time per partition and
 * engine. Published files and {@code Manifest} objects are immutable.
 */
@NullMarked
package io.nodedb.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
