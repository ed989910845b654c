/**
 * The entries that a row has in the indexes of its collection, as bytes whose order is the order of
 * the index. {@link io.nodedb.document.entries.IndexEntries} gives a row's entries and, for a
 * write, the {@link io.nodedb.document.entries.IndexChanges}; {@link
 * io.nodedb.document.entries.EntryFormat} is the layout; {@link
 * io.nodedb.document.entries.EntryRange} is where a look-up finds its entries.
 *
 * <p>Threads: {@code IndexEntries} belongs to one thread; everything else is immutable.
 */
@NullMarked
package io.nodedb.document.entries;

import org.jspecify.annotations.NullMarked;
