/**
 * Scans over all partitions of a collection at one snapshot, in the order of key hashes. Entry
 * type: {@link io.nodedb.control.scan.CollectionScan}; and over ranges of ordered collections, in
 * the order of keys: {@link io.nodedb.control.scan.RangeScan}.
 *
 * <p>Thread rule: a scan belongs to one thread at a time.
 */
@NullMarked
package io.nodedb.control.scan;

import org.jspecify.annotations.NullMarked;
