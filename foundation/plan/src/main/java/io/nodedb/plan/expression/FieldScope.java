package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.Type;
import java.util.List;

/** What names mean where an expression is bound. */
public interface FieldScope {
    /**
     * The field of a path, or {@link ErrorCode#UNDEFINED_COLUMN} with the nearest name. A
     * schemaless scope knows every path.
     */
    ScopeField resolve(List<String> path);

    /**
     * A field: its slot in a {@link RowView}, its type, and what of the path leads on into its
     * document.
     */
    record ScopeField(int slot, Type type, List<String> rest) {}
}
