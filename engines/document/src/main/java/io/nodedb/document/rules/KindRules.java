package io.nodedb.document.rules;

import io.nodedb.base.value.Value;

/** The rules of one kind of collection. Owned by one thread. */
sealed interface KindRules permits StrictRules, SchemalessRules {
    /**
     * The complete row of given fields, every rule checked but those of the key: defaults, computed
     * values and types are in place.
     */
    Value.Document complete(Value.Document given, RowPurpose purpose, long nowMicros);

    /** Throws when a stored row breaks what is asked of rows that stand: NOT NULL and CHECK. */
    void verify(Value.Document stored, long nowMicros);

    /** The bytes of a complete row. */
    byte[] write(Value.Document complete);

    /** The fields of a row that a writer could have given: without what is computed. */
    Value.Document withoutComputed(Value.Document row);
}
