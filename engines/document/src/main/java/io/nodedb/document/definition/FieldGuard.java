package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.plan.expression.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a schemaless collection asks of one field: the type guard of DIALECT.md. A value is stored
 * as the first of {@code types} that takes it without loss; with no type any value passes.
 *
 * @param required must the field be there and not be NULL?
 * @param otherwise what a missing field gets; names no field
 * @param computed what the field always is, from the document's other fields; refuses another
 * @param check a condition over the document, which NULL passes
 */
@Immutable
public record FieldGuard(
        FieldPath path,
        List<Type> types,
        Requirement required,
        @Nullable Expr otherwise,
        @Nullable Expr computed,
        @Nullable Expr check) {
    /** May the field be left out? */
    public enum Requirement {
        OPTIONAL,
        REQUIRED
    }

    public FieldGuard {
        types = List.copyOf(types);
    }

    /** A field that may be missing, and has one of these types otherwise. */
    public static FieldGuard of(FieldPath path, Type... types) {
        return new FieldGuard(path, List.of(types), Requirement.OPTIONAL, null, null, null);
    }

    public FieldGuard asRequired() {
        return new FieldGuard(path, types, Requirement.REQUIRED, otherwise, computed, check);
    }

    public FieldGuard withDefault(Expr expression) {
        return new FieldGuard(path, types, required, expression, computed, check);
    }

    public FieldGuard computedAs(Expr expression) {
        return new FieldGuard(path, types, required, otherwise, expression, check);
    }

    public FieldGuard withCheck(Expr condition) {
        return new FieldGuard(path, types, required, otherwise, computed, condition);
    }
}
