/**
 * What the database knows about itself: its collections, its slot map and its tombstones. Entry
 * type: {@link io.nodedb.control.catalog.Catalog}, whose {@link
 * io.nodedb.control.catalog.Catalog#state()} is an immutable snapshot behind one volatile read.
 *
 * <p>The catalog is stored as entries of key-value collection {@link
 * io.nodedb.control.catalog.Catalog#COLLECTION} in the system partition, written through the
 * ordinary commit path and replayed before everything else ({@link
 * io.nodedb.control.catalog.CatalogCodec} is the format). To add a kind of entry: a tag in the
 * codec, a golden in its test, a field in {@link io.nodedb.control.catalog.CatalogState}.
 *
 * <p>Of a collection's definition only its version is known here: a change tells every core the new
 * one before it is recorded, so that no row of the definition before comes after ({@link
 * io.nodedb.control.catalog.PendingDefinition}).
 *
 * <p>Thread rule: every type is immutable or callable from every thread.
 */
@NullMarked
package io.nodedb.control.catalog;

import org.jspecify.annotations.NullMarked;
