package io.nodedb.document.rules;

import io.nodedb.base.ownership.Immutable;

/**
 * A row as it is stored.
 *
 * @param key the primary key in the order-preserving encoding, or the hidden row id in it
 * @param row a document or a tuple, by the collection's kind
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // written once by the rules, then only read
public record PreparedRow(byte[] key, byte[] row) {}
