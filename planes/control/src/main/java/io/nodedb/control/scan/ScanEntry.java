package io.nodedb.control.scan;

import io.nodedb.base.ownership.Immutable;

/**
 * One key of a scan.
 *
 * @param value empty when the scan reads keys only
 * @param expireAtMillis epoch milliseconds, 0 for never
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // copied out of a page for this record
public record ScanEntry(byte[] key, long keyHash, byte[] value, long expireAtMillis) {}
