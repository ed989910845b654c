package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.document.rules.PreparedRow;
import io.nodedb.plan.kv.KvCondition;
import java.util.function.Function;

/**
 * A document that is to be stored, before it is known by which rules.
 *
 * @param row makes its row, anew with each definition
 * @param given what the caller gave
 */
record RowWrite(Function<CollectionRules, PreparedRow> row, Document given, KvCondition condition) {
    /** Under the key that is in the document's fields, or generated. */
    static RowWrite of(Document document, KvCondition condition) {
        requireNonNull(document, "document");
        return new RowWrite(rules -> rules.row(document), document, condition);
    }

    /** Under an id. */
    static RowWrite of(Id id, Document document, KvCondition condition) {
        requireNonNull(id, "id");
        requireNonNull(document, "document");
        return new RowWrite(rules -> rules.row(id, document), document, condition);
    }
}
