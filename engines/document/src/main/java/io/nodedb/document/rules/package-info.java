/**
 * What happens to the rows of a collection, as pure functions of its definition. {@link
 * io.nodedb.document.rules.RowRules} turns the fields that a writer gives into a row's key and
 * bytes and applies a {@link io.nodedb.document.rules.RowPatch}; {@link
 * io.nodedb.document.rules.StoredRow} reads rows back; {@link
 * io.nodedb.document.rules.RowConversion} moves rows between kinds of collections. The entries of a
 * row in indexes are those of {@link io.nodedb.document.entries}.
 *
 * <p>Threads: everything that is no record belongs to one thread; what is written is immutable
 * bytes. Nothing touches a disk or a clock but those handed in.
 */
@NullMarked
package io.nodedb.document.rules;

import org.jspecify.annotations.NullMarked;
