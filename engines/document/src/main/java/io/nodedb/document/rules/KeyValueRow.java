package io.nodedb.document.rules;

import io.nodedb.base.ownership.Immutable;

/** A row of a key-value collection. */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // written once by the conversion, then only read
public record KeyValueRow(byte[] key, byte[] value) {}
