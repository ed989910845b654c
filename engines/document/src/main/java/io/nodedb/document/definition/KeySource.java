package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;

/** Who makes a row's primary key. */
@Immutable
public enum KeySource {
    /** The writer, who must give all of it. */
    GIVEN,
    /**
     * The database makes a UUID of version 7 where the writer gives none; as its text, unless the
     * field has type UUID.
     */
    GENERATED
}
