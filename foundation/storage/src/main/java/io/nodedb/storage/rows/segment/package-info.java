/**
 * Files of sorted rows: {@link io.nodedb.storage.rows.segment.SegmentWriter} writes one, {@link
 * io.nodedb.storage.rows.segment.SegmentOpener} opens one that a manifest lists, {@link
 * io.nodedb.storage.rows.segment.SegmentRun} reads one through for a merge, {@link
 * io.nodedb.storage.rows.segment.SegmentCheck} for its own sake, {@link
 * io.nodedb.storage.rows.segment.BulkWriter} loads sorted rows past the memtable.
 *
 * <p>Thread rule: everything that reads or writes files here belongs to one background thread at a
 * time; {@code Segment} and what it holds is immutable, but for the counts in its file handle,
 * which are the core's.
 */
@NullMarked
package io.nodedb.storage.rows.segment;

import org.jspecify.annotations.NullMarked;
