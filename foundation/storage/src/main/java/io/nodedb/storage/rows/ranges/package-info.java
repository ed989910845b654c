/**
 * Deletions of whole ranges, and losses: {@link io.nodedb.storage.rows.ranges.RangeDeletions}. They
 * stand beside the rows, in memory and in the manifest, until compactions have removed what they
 * cover.
 *
 * <p>{@link io.nodedb.storage.rows.ranges.LostRanges}: what damage has taken, beside the rows in
 * the same way.
 *
 * <p>Thread rule: {@code RangeDeletions} and {@code LostRanges} belong to the core; the rest is
 * immutable.
 */
@NullMarked
package io.nodedb.storage.rows.ranges;

import org.jspecify.annotations.NullMarked;
