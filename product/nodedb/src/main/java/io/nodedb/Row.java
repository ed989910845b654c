package io.nodedb;

import io.nodedb.base.ownership.Immutable;

/** A document and its id, as a scan found them. */
@Immutable
public record Row(Id id, Document document) {}
