package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Value;
import io.nodedb.document.binary.DocumentJson;
import io.nodedb.document.binary.DocumentView;
import io.nodedb.document.binary.DocumentWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A document: named fields with values of any type, nested as deep as the format allows. Immutable;
 * {@link #with} returns a copy. Fields keep the types and the order in which they were written; the
 * order does not count for equality.
 */
@Immutable
public final class Document {
    private static final Document EMPTY = new Document(new Value.Document(Map.of()));

    private final Value.Document value;

    private Document(Value.Document value) {
        this.value = value;
    }

    /** Without any field. */
    public static Document empty() {
        return EMPTY;
    }

    /** Of these fields. */
    public static Document of(Map<String, Value> fields) {
        return new Document(new Value.Document(fields));
    }

    static Document of(Value.Document value) {
        return new Document(value);
    }

    /** Of a JSON object. */
    public static Document parse(String json) {
        return ofRow(DocumentJson.read(json, new DocumentWriter()));
    }

    /** With a field set to a value. */
    public Document with(String field, Value to) {
        Map<String, Value> fields = new LinkedHashMap<>(value.fields());
        fields.put(field, to);
        return of(fields);
    }

    public Document with(String field, String to) {
        return with(field, new Value.Text(to));
    }

    public Document with(String field, long to) {
        return with(field, new Value.Int8(to));
    }

    public Document with(String field, double to) {
        return with(field, new Value.Float8(to));
    }

    public Document with(String field, BigDecimal to) {
        return with(field, Value.Decimal.of(to));
    }

    public Document with(String field, boolean to) {
        return with(field, to ? Value.Bool.TRUE : Value.Bool.FALSE);
    }

    public Document with(String field, Document to) {
        return with(field, to.value);
    }

    /** Without a field. */
    public Document without(String field) {
        Map<String, Value> fields = new LinkedHashMap<>(value.fields());
        fields.remove(field);
        return of(fields);
    }

    /** A field's value, which may be NULL; empty when there is no such field. */
    public Optional<Value> field(String name) {
        return value.field(name);
    }

    /** All fields in the order in which they were written; not to be changed. */
    public Map<String, Value> fields() {
        return value.fields();
    }

    public Value.Document value() {
        return value;
    }

    /** As JSON; types that JSON does not have become text. */
    public String toJson() {
        return DocumentJson.write(new DocumentView().wrap(toRow()));
    }

    /** The bytes of a schemaless row. */
    byte[] toRow() {
        return new DocumentWriter().put(value).toByteArray();
    }

    /** The document in the bytes of a schemaless row. */
    static Document ofRow(byte[] row) {
        DocumentView view = new DocumentView().wrap(row);
        if (view.value(view.root()) instanceof Value.Document document) {
            return new Document(document);
        }
        throw new NodeDbException(
                ErrorCode.INVALID_ARGUMENT, "A document is an object, with fields");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Document that && that.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
