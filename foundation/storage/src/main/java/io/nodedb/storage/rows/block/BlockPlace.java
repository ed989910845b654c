package io.nodedb.storage.rows.block;

import io.nodedb.base.ownership.Immutable;

/**
 * Where a block stands in its file.
 *
 * @param offset of its first byte
 * @param storedBytes its length there, trailer included
 * @param rawBytes its length after decompression
 */
@Immutable
public record BlockPlace(long offset, int storedBytes, int rawBytes) {}
