package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.KeyWriter;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.ColumnDefinition;
import io.nodedb.document.definition.FieldGuard;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.KeySource;
import io.nodedb.document.definition.PrimaryKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the primary keys of a collection. Owned by one thread. */
final class RowKeys {
    private final PrimaryKey primaryKey;
    private final List<Type> types;
    private final UuidSource ids;
    private final KeyWriter writer = new KeyWriter();

    RowKeys(CollectionDefinition definition, UuidSource ids) {
        this.ids = ids;
        primaryKey = definition.primaryKey();
        types = primaryKey.paths().stream().map(path -> declaredType(definition, path)).toList();
    }

    private static Type declaredType(CollectionDefinition definition, FieldPath path) {
        if (definition.isStrict()) {
            return path.isNested()
                    ? Type.ANY
                    : definition.column(path.first()).map(ColumnDefinition::type).orElse(Type.ANY);
        }
        return definition.guards().stream()
                .filter(guard -> guard.path().equals(path) && guard.types().size() == 1)
                .findFirst()
                .map(FieldGuard::types)
                .map(List::getFirst)
                .orElse(Type.ANY);
    }

    boolean isHidden() {
        return primaryKey.isHidden();
    }

    /** The field that gets a generated id when the writer gives none; null when there is none. */
    @Nullable FieldPath generated() {
        return primaryKey.source() == KeySource.GENERATED && !primaryKey.isHidden()
                ? primaryKey.paths().getFirst()
                : null;
    }

    /** A new id as the key's field holds it. */
    Value newId() {
        Value.Uuid id = ids.next();
        boolean asUuid = !types.isEmpty() && types.getFirst().tag() == TypeTag.UUID;
        return asUuid ? id : Value.of(new java.util.UUID(id.high(), id.low()).toString());
    }

    /** The key of a row that does not hold it. */
    byte[] newHiddenKey() {
        return writer.clear().put(ids.next(), KeyOrder.ASCENDING).toByteArray();
    }

    /** Is every part's type that of its value? */
    boolean isUntyped() {
        return !types.isEmpty() && types.stream().allMatch(Type::isDynamic);
    }

    /** The key of values that a reader gives, in the order of the key's parts. */
    byte[] lookUp(List<Value> values) {
        if (values.size() != Math.max(1, types.size())) {
            throw otherParts(values.size());
        }
        return lookUpFirst(values);
    }

    /** As {@link #lookUp}, of the first parts of the key. */
    byte[] lookUpFirst(List<Value> values) {
        if (values.size() > Math.max(1, types.size())) {
            throw otherParts(values.size());
        }
        writer.clear();
        for (int i = 0; i < values.size(); i++) {
            put(Coercion.forLookUp(values.get(i), types.isEmpty() ? Type.UUID : types.get(i)), i);
        }
        return finish();
    }

    private RowRefusedException otherParts(int given) {
        return new RowRefusedException(
                ErrorCode.INVALID_ARGUMENT,
                null,
                "A primary key has another number of parts: given="
                        + given
                        + " parts="
                        + Math.max(1, types.size())
                        + ".");
    }

    /** The fields with what they lack of the key. */
    Value.Document fill(Value.Document fields, List<Value> id) {
        Value.Document filled = fields;
        for (int i = 0; i < types.size(); i++) {
            FieldPath path = primaryKey.paths().get(i);
            Value given = FieldTree.get(filled, path.steps());
            if (given == null || given.isNull()) {
                filled = FieldTree.with(filled, path, id.get(i));
            }
        }
        return filled;
    }

    /** The key of a row that holds it. */
    byte[] of(Value.Document row) {
        writer.clear();
        for (int i = 0; i < types.size(); i++) {
            Value value = FieldTree.get(row, primaryKey.paths().get(i).steps());
            put(value == null ? Value.NULL : value, i);
        }
        return finish();
    }

    private void put(Value value, int part) {
        if (value.isNull()) {
            FieldPath path = types.isEmpty() ? null : primaryKey.paths().get(part);
            throw new RowRefusedException(
                    ErrorCode.NOT_NULL_VIOLATION,
                    path,
                    "null value in column \""
                            + path
                            + "\" violates not-null constraint of the primary key.");
        }
        writer.put(value, KeyOrder.ASCENDING);
    }

    private byte[] finish() {
        if (writer.size() > DocumentLimits.MAX_PRIMARY_KEY_BYTES) {
            throw new RowRefusedException(
                    ErrorCode.PROGRAM_LIMIT,
                    primaryKey.isHidden() ? null : primaryKey.paths().getFirst(),
                    "A primary key is too long: bytes="
                            + writer.size()
                            + " limit="
                            + DocumentLimits.MAX_PRIMARY_KEY_BYTES
                            + ".");
        }
        return writer.toByteArray();
    }
}
