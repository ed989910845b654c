/**
 * How many rows a keyspace has: {@link io.nodedb.storage.rows.counts.KeyspaceDeltas} counts what a
 * memtable adds and takes away, {@link io.nodedb.storage.rows.counts.KeyspaceRows} is what the
 * manifest says of the files.
 *
 * <p>Thread rule: {@code KeyspaceDeltas} belongs to the core; {@code KeyspaceRows} is immutable.
 */
@NullMarked
package io.nodedb.storage.rows.counts;

import org.jspecify.annotations.NullMarked;
