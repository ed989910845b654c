/**
 * The document engine ({@link io.nodedb.document.engine}) and its formats: {@link
 * io.nodedb.document.binary} for schemaless documents, {@link io.nodedb.document.tuple} for rows of
 * strict collections. Nothing here owns state: writers and views belong to the thread that uses
 * them, what they write is immutable bytes.
 */
@NullMarked
package io.nodedb.document;

import org.jspecify.annotations.NullMarked;
