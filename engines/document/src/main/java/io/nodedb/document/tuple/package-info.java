/**
 * Rows of strict collections. {@link io.nodedb.document.tuple.TupleSchema} is one version of the
 * columns, {@link io.nodedb.document.tuple.SchemaHistory} all of them; {@link
 * io.nodedb.document.tuple.TupleWriter} writes a row of the newest version, {@link
 * io.nodedb.document.tuple.TupleView} reads a row of any version as one of the newest, {@link
 * io.nodedb.document.tuple.TupleRow} hands it to expressions. The layout stands at {@link
 * io.nodedb.document.tuple.TupleLayout}.
 *
 * <p>Threads: schemas are immutable, a writer or a view belongs to one thread.
 */
@NullMarked
package io.nodedb.document.tuple;

import org.jspecify.annotations.NullMarked;
