/**
 * Rows of one partition, sorted and versioned, in memory and in files. {@link
 * io.nodedb.storage.rows.RowStore} is the entry type, {@link io.nodedb.storage.rows.RowStoreLoader}
 * reads its folder at start, {@link io.nodedb.storage.rows.LevelledRowStore} is it.
 *
 * <pre>
 *   core      put, delete, stamp, undo, get, cursors           rows, rows.memtable, rows.cache
 *   I/O       BlockRequests.load                               rows.cache
 *   worker    RowJob.step: flush, compaction, publication      rows.compaction, rows.segment, rows.manifest
 * </pre>
 *
 * <p>Thread rule: everything {@code @CoreOwned} belongs to the store's core, which never touches
 * the disk; jobs belong to one worker at a time and work on what never changes; what crosses does
 * so through a queue that publishes it.
 *
 * <p><b>To add a codec</b> see {@link io.nodedb.storage.rows.block}. <b>To add a kind of
 * version</b> (an operand to be merged): {@code RowVersion}, the two places that decide what is
 * visible ({@code LevelledRowStore.fill} and {@code MergedCursor}), and {@code VersionSieve}.
 */
@NullMarked
package io.nodedb.storage.rows;

import org.jspecify.annotations.NullMarked;
