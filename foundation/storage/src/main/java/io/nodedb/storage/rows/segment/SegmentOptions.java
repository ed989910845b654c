package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.block.BlockCodec;

/** How a file is written. */
@Immutable
public record SegmentOptions(int blockBytes, int filterBitsPerKey, BlockCodec codec) {}
