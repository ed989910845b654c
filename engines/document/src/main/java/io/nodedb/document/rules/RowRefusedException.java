package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.document.definition.FieldPath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row breaks a rule of its collection: says which field and row, as far as that is known. */
public final class RowRefusedException extends NodeDbException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable FieldPath field;
    private final @Nullable String row;
    private final String reason;

    RowRefusedException(ErrorCode code, @Nullable FieldPath field, String reason) {
        this(code, field, null, reason, null);
    }

    private RowRefusedException(
            ErrorCode code,
            @Nullable FieldPath field,
            @Nullable String row,
            String reason,
            @Nullable NodeDbException cause) {
        super(code, reason, cause);
        this.field = field;
        this.row = row;
        this.reason = reason;
    }

    /** The refusal of a field's value. */
    static RowRefusedException of(FieldPath field, NodeDbException refused) {
        return new RowRefusedException(
                refused.code(), field, null, "field=" + field + ": " + reasonOf(refused), refused);
    }

    /** The refusal of a row by its key's text; null when that is not readable. */
    static RowRefusedException inRow(@Nullable String key, NodeDbException refused) {
        return new RowRefusedException(
                refused.code(),
                refused instanceof RowRefusedException known ? known.field : null,
                key,
                "row=" + key + ": " + reasonOf(refused),
                refused);
    }

    /** The column or field whose value is refused. */
    public Optional<FieldPath> field() {
        return Optional.ofNullable(field);
    }

    /** The text of the row's primary key, when a row that stands is refused. */
    public Optional<String> row() {
        return Optional.ofNullable(row);
    }

    private static String reasonOf(NodeDbException refused) {
        return refused instanceof RowRefusedException known ? known.reason : refused.getMessage();
    }
}
