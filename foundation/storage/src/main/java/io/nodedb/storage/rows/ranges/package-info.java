/**
 * Deletions of whole ranges: {@link io.nodedb.storage.rows.ranges.RangeDeletions}. They stand
 * beside the rows, in memory and in the manifest, until compactions have removed what they cover.
 *
 * <p>Thread rule: {@code RangeDeletions} belongs to the core; the rest is immutable.
 */
@NullMarked
package io.nodedb.storage.rows.ranges;

import org.jspecify.annotations.NullMarked;
