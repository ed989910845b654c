/**
 * Rows in memory: {@link io.nodedb.storage.rows.memtable.Memtable}.
 *
 * <p>Thread rule: belongs to the core; once frozen it is immutable and a background job reads it
 * too, until the core closes it.
 */
@NullMarked
package io.nodedb.storage.rows.memtable;

import org.jspecify.annotations.NullMarked;
