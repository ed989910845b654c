package io.nodedb.control.catalog;

import io.nodedb.base.ownership.Immutable;

/** One key and value of the catalog's collection, as {@link CatalogCodec} lays them out. */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // written once by the codec or a scan, then only read
public record CatalogEntry(byte[] key, byte[] value) {}
