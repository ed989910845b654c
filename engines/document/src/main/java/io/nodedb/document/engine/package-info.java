/**
 * The document engine: rows of document collections, ordered by their encoded primary keys, in a
 * row store of the partition's own. {@link io.nodedb.document.engine.DocumentEngine} is the entry
 * type.
 *
 * <pre>
 *   KvCall         one key: read, or decide a write   RowOperations
 *   RangeScanCall  a page of a range of keys          RowScans
 *   jobs, pressure, coverage                          DocumentFiles
 * </pre>
 *
 * <p>What a row's bytes mean is not known here: keys are compared as unsigned bytes, values are
 * opaque.
 *
 * <p>Thread rule: everything belongs to the core of the partition, or to the thread that loads it;
 * blocks are read by the I/O threads through {@code BlockRequests}.
 */
@NullMarked
package io.nodedb.document.engine;

import org.jspecify.annotations.NullMarked;
