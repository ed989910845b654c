/**
 * The document engine ({@link io.nodedb.document.engine}), which keeps rows as bytes, and as a
 * library what gives these bytes a meaning: {@link io.nodedb.document.definition} says what a
 * collection is, {@link io.nodedb.document.rules} turns what a writer gives into rows, {@link
 * io.nodedb.document.entries} gives their entries in indexes (nothing keeps these yet). Rules run
 * with the caller, before a row comes to its core. The formats of rows are {@link
 * io.nodedb.document.binary} for schemaless documents and {@link io.nodedb.document.tuple} for
 * strict collections. The library owns no state but the source of generated ids: writers, rules and
 * views belong to the thread that uses them, what they write is immutable bytes.
 */
@NullMarked
package io.nodedb.document;

import org.jspecify.annotations.NullMarked;
