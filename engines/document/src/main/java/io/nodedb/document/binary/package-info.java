/**
 * Schemaless documents as bytes that describe themselves. {@link
 * io.nodedb.document.binary.DocumentWriter} writes them, {@link
 * io.nodedb.document.binary.DocumentView} reads any field without parsing the rest, {@link
 * io.nodedb.document.binary.DocumentRow} hands its fields to expressions, {@link
 * io.nodedb.document.binary.DocumentJson} turns JSON text into them and back. The layout stands at
 * {@link io.nodedb.document.binary.DocumentFormat}.
 *
 * <p>Threads: a writer or a view belongs to one thread; the bytes are immutable.
 */
@NullMarked
package io.nodedb.document.binary;

import org.jspecify.annotations.NullMarked;
