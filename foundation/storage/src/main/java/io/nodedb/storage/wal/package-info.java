/**
 * The write-ahead log: the only place where a commit becomes lasting and gets its LSN.
 *
 * <p>Entry type: {@link io.nodedb.storage.wal.Wal} opens (and recovers) a log and starts its
 * writer. Data cores encode records ({@link io.nodedb.storage.wal.RecordEncoder}, holding {@link
 * io.nodedb.storage.wal.Effects}) straight into the ring of their {@link
 * io.nodedb.storage.wal.CoreLog}; coordinators ask for COMMIT and ABORT through a {@link
 * io.nodedb.storage.wal.CommitPort}; {@link io.nodedb.storage.wal.WalWriter} drains both, stamps,
 * writes one group, syncs and acknowledges. {@link io.nodedb.storage.wal.LogReader} reads back.
 *
 * <p>Bytes: {@link io.nodedb.storage.wal.SegmentFormat} holds groups, {@link
 * io.nodedb.storage.wal.GroupFormat} holds records, {@link io.nodedb.storage.wal.RecordFormat}
 * holds sections of effects, {@link io.nodedb.storage.wal.EffectFormat} is one operation.
 *
 * <p>Threads: everything of the writer belongs to the thread {@code wal-writer} ({@code
 * step()}-driven, so that the simulator can run it); a {@code CoreLog} has one side per thread;
 * readers are single-threaded objects that any thread may own.
 *
 * <p>To add a record type: a constant in {@code RecordFormat} with its Javadoc row, its stamping
 * rule in {@code WalWriter}, its reading in {@code PartitionCursor}, a line in the golden file.
 */
@NullMarked
package io.nodedb.storage.wal;

import org.jspecify.annotations.NullMarked;
