package io.nodedb.document.rules;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value;
import io.nodedb.document.binary.DocumentView;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.tuple.SchemaHistory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a writer gives into the key and bytes of a row, after the rules of one definition:
 * defaults and generated ids, types, generated columns, NOT NULL, CHECK and type guards, bounds of
 * size and nesting. Uniqueness and foreign keys need other rows and are not looked at.
 *
 * <p>Failures: {@link RowRefusedException} with PostgreSQL's SQLSTATE and the field; {@link
 * ErrorCode#PROGRAM_LIMIT} for a row, key or nesting over the bounds of {@code DocumentLimits};
 * {@link ErrorCode#DATA_CORRUPTED} for bytes that no writer wrote. Owned by one thread.
 */
public final class RowRules {
    private final CollectionDefinition definition;
    private final RowKeys keys;
    private final KindRules kind;
    private final StoredRow stored;
    private final @Nullable SchemaHistory history;
    private final DocumentView given = new DocumentView();

    public RowRules(CollectionDefinition definition, UuidSource ids) {
        this.definition = definition;
        keys = new RowKeys(definition, ids);
        history = definition.isStrict() ? definition.schemaHistory() : null;
        kind =
                history == null
                        ? new SchemalessRules(definition, keys)
                        : new StrictRules(definition, history, keys);
        stored = StoredRow.of(definition, history);
    }

    public CollectionDefinition definition() {
        return definition;
    }

    /** A new row of these fields; {@code nowMicros} (since 1970 UTC) is what now() gives. */
    public PreparedRow insert(Value.Document fields, long nowMicros) {
        Value.Document row = kind.complete(fields, RowPurpose.INSERT, nowMicros);
        return finish(row, kind.write(row), null);
    }

    /** A new row of a document's bytes, which stay as they are when no rule changes a field. */
    public PreparedRow insert(byte[] document, long nowMicros) {
        Value root = given.wrap(document).value(given.root());
        if (given.end(given.root()) != document.length) {
            throw new RowRefusedException(
                    ErrorCode.DATA_CORRUPTED, null, "Something follows a document.");
        }
        if (!(root instanceof Value.Document fields)) {
            throw new RowRefusedException(
                    ErrorCode.INVALID_ARGUMENT,
                    null,
                    "A row is an object: type=" + root.tag().sqlName() + ".");
        }
        Value.Document row = kind.complete(fields, RowPurpose.INSERT, nowMicros);
        boolean stays = row.equals(fields) && !definition.isStrict();
        return finish(row, stays ? document : kind.write(row), null);
    }

    /** A new row under the hidden key that another row has, or that a conversion keeps. */
    public PreparedRow insertWithHiddenKey(byte[] key, Value.Document fields, long nowMicros) {
        Check.that(keys.isHidden(), "the collection's rows don't hold their key");
        Value.Document row = kind.complete(fields, RowPurpose.INSERT, nowMicros);
        return finish(row, kind.write(row), key);
    }

    /**
     * A new row under the key of these values, as {@link #key} has it: fields of the key that are
     * missing get them, others must agree.
     */
    public PreparedRow insertUnder(List<Value> id, Value.Document fields, long nowMicros) {
        byte[] key = keys.lookUp(id);
        PreparedRow row = insert(keys.fill(fields, id), nowMicros);
        if (!Arrays.equals(key, row.key())) {
            throw new RowRefusedException(
                    ErrorCode.INVALID_ARGUMENT,
                    definition.primaryKey().paths().getFirst(),
                    "The fields of the primary key are not those of the id: id="
                            + RowConversion.keyText(key)
                            + " fields="
                            + RowConversion.keyText(row.key())
                            + ".");
        }
        return row;
    }

    /** Throws, with the row's key, when a stored row breaks a NOT NULL or CHECK. */
    public void verify(byte[] key, byte[] row, long nowMicros) {
        try {
            kind.verify(stored.wrap(row).toDocument(), nowMicros);
        } catch (NodeDbException refused) {
            throw RowRefusedException.inRow(RowConversion.keyText(key), refused);
        }
    }

    /**
     * A stored row after a patch, with its rules checked again; empty when no value changes. The
     * key is another one when the patch changes a field of it.
     */
    public Optional<PreparedRow> patch(byte[] key, byte[] row, RowPatch patch, long nowMicros) {
        Value.Document before = stored.wrap(row).toDocument();
        Value.Document changed = PatchSteps.apply(patch, kind.withoutComputed(before));
        Value.Document after = kind.complete(changed, RowPurpose.UPDATE, nowMicros);
        return after.equals(before)
                ? Optional.empty()
                : Optional.of(finish(after, kind.write(after), key));
    }

    /**
     * The key of the row that has these values, in the order of the primary key's parts. A text is
     * read as a literal of the part's type; a value that no row can have stays what it is.
     */
    public byte[] key(List<Value> values) {
        return keys.lookUp(values);
    }

    /** As {@link #key}, of the first parts only: where rows of these begin. */
    public byte[] keyPrefix(List<Value> values) {
        return keys.lookUpFirst(values);
    }

    /** Do all parts of the key take values of any type, so that nothing is read in an id? */
    public boolean hasUntypedKey() {
        return keys.isUntyped();
    }

    /** All fields, or all standing columns, of a stored row of any row version. */
    public Value.Document document(byte[] row) {
        return stored.wrap(row).toDocument();
    }

    /** A reader of this collection's rows, of any row version. */
    public StoredRow reader() {
        return StoredRow.of(definition, history);
    }

    /** The fields of a row that a writer could give: without what the rules compute. */
    public Value.Document givenFields(Value.Document row) {
        return kind.withoutComputed(row);
    }

    /** The row's bytes come first: they bound the nesting of what goes into the key. */
    private PreparedRow finish(Value.Document row, byte[] bytes, byte @Nullable [] hiddenKey) {
        if (!keys.isHidden()) {
            return new PreparedRow(keys.of(row), bytes);
        }
        return new PreparedRow(hiddenKey == null ? keys.newHiddenKey() : hiddenKey, bytes);
    }
}
