package io.nodedb.document.rules;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.KeyReader;
import io.nodedb.base.value.Value;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one collection as rows of another definition or kind. What the target computes itself is
 * computed anew; all of the target's rules hold for what comes out.
 *
 * <p>Failures: {@link RowRefusedException} that names the row by its key, and the field. Owned by
 * one thread.
 */
public final class RowConversion {
    private final RowRules target;

    public RowConversion(RowRules target) {
        this.target = target;
    }

    /** A row of a document collection; a hidden key is kept where both have one. */
    public PreparedRow fromRow(RowRules source, PreparedRow row, long nowMicros) {
        try {
            Value.Document fields = source.reader().wrap(row.row()).toDocument();
            Value.Document given = target.givenFields(source.givenFields(fields));
            boolean keepsKey =
                    source.definition().primaryKey().isHidden()
                            && target.definition().primaryKey().isHidden();
            return keepsKey
                    ? target.insertWithHiddenKey(row.key(), given, nowMicros)
                    : target.insert(given, nowMicros);
        } catch (NodeDbException refused) {
            throw inRow(row.key(), refused);
        }
    }

    /** A row of a key-value collection. */
    public PreparedRow fromKeyValue(KeyValueRow row, KeyValueForm form, long nowMicros) {
        try {
            return target.insert(
                    target.givenFields(form.fields(row.key(), row.value())), nowMicros);
        } catch (NodeDbException refused) {
            throw RowRefusedException.inRow(text(KeyValueForm.textOrBytes(row.key())), refused);
        }
    }

    /** A row of a document collection as one of a key-value collection. */
    public static KeyValueRow toKeyValue(RowRules source, PreparedRow row, KeyValueForm form) {
        try {
            return form.keyValue(source.reader().wrap(row.row()).toDocument());
        } catch (NodeDbException refused) {
            throw inRow(row.key(), refused);
        }
    }

    private static RowRefusedException inRow(byte[] key, NodeDbException refused) {
        return RowRefusedException.inRow(keyText(key), refused);
    }

    static @Nullable String keyText(byte[] key) {
        List<String> parts = new ArrayList<>();
        try {
            KeyReader reader = new KeyReader(key);
            while (reader.hasNext()) {
                parts.add(text(reader.next(KeyOrder.ASCENDING)));
            }
        } catch (NodeDbException damaged) {
            return null;
        }
        return String.join(", ", parts);
    }

    private static String text(Value value) {
        return new Casting(ZoneOffset.UTC).write(value, Casting.typeOf(value));
    }
}
