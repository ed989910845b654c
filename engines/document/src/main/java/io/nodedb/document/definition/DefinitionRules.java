package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Utf8;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.plan.expression.ColumnScope;
import io.nodedb.plan.expression.Expr;
import io.nodedb.plan.expression.ExprParts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What every definition fulfils, its indexes aside. */
final class DefinitionRules {
    private static final int UUID_CHARACTERS = 36;

    private DefinitionRules() {}

    static void check(
            CollectionKind kind,
            int rowVersion,
            List<ColumnDefinition> columns,
            PrimaryKey primaryKey,
            List<FieldGuard> guards,
            List<CheckConstraint> checks,
            List<ForeignKey> foreignKeys) {
        requireAtMost("guards", guards.size(), DefinitionLimits.MAX_GUARDS);
        requireAtMost(
                "constraints",
                checks.size() + foreignKeys.size(),
                DefinitionLimits.MAX_CONSTRAINTS);
        if (kind == CollectionKind.SCHEMALESS && !columns.isEmpty()) {
            throw invalid("A schemaless collection has guards in place of columns.");
        }
        if (kind == CollectionKind.STRICT && !guards.isEmpty()) {
            throw invalid("A strict collection has columns in place of guards.");
        }
        ColumnRules.check(columns, rowVersion);
        DefinitionExpressions expressions = DefinitionExpressions.of(kind, columns);
        checkPrimaryKey(primaryKey, columns, guards, expressions);
        GuardRules.check(guards, expressions);
        Set<String> names = new HashSet<>();
        for (CheckConstraint check : checks) {
            requireNewName(check.name(), names);
            expressions.bindCondition(check.condition());
        }
        for (ForeignKey key : foreignKeys) {
            requireNewName(key.name(), names);
            checkForeignKey(key, columns, expressions);
        }
    }

    private static void requireNewName(String name, Set<String> names) {
        requireName("constraint", name);
        if (!names.add(name)) {
            throw new NodeDbException(
                    ErrorCode.DUPLICATE_OBJECT, "constraint \"" + name + "\" already exists.");
        }
    }

    private static void checkPrimaryKey(
            PrimaryKey key,
            List<ColumnDefinition> columns,
            List<FieldGuard> guards,
            DefinitionExpressions expressions) {
        boolean generated = key.source() == KeySource.GENERATED;
        if (key.isHidden() && !generated) {
            throw invalid("A primary key without columns is a generated one.");
        }
        requireAtMost("primary key columns", key.paths().size(), DefinitionLimits.MAX_KEY_PARTS);
        requireDifferent(key.paths(), "primary key");
        key.paths().forEach(path -> typeOf(path, columns, expressions));
        if (!generated || key.isHidden()) {
            return;
        }
        FieldPath path = key.paths().getFirst();
        if (key.paths().size() > 1 || path.isNested()) {
            throw invalid("A generated primary key is one column or field: key=" + path + ".");
        }
        Type type = declaredType(path, columns, guards);
        boolean holdsUuid =
                type.isDynamic()
                        || type.tag() == TypeTag.UUID
                        || (type.tag().isText()
                                && (type.length() == Type.UNLIMITED
                                        || type.length() >= UUID_CHARACTERS));
        if (!holdsUuid) {
            throw invalid(
                    "A generated primary key has type uuid or text: column="
                            + path
                            + " type="
                            + type
                            + ".");
        }
        boolean hasOtherSource =
                columns.stream()
                        .anyMatch(column ->
                                column.stands()
                                        && column.name().equals(path.first())
                                        && !(column.source() instanceof ColumnSource.Given));
        if (hasOtherSource) {
            throw invalid("A generated primary key has no default: column=" + path + ".");
        }
    }

    /** A column's type, or that of a field's guard when it allows one only; else ANY. */
    static Type declaredType(
            FieldPath path, List<ColumnDefinition> columns, List<FieldGuard> guards) {
        for (ColumnDefinition column : columns) {
            if (column.stands() && column.name().equals(path.first())) {
                return path.isNested() ? Type.ANY : column.type();
            }
        }
        for (FieldGuard guard : guards) {
            if (guard.path().equals(path) && guard.types().size() == 1) {
                return guard.types().getFirst();
            }
        }
        return Type.ANY;
    }

    private static void checkForeignKey(
            ForeignKey key, List<ColumnDefinition> columns, DefinitionExpressions expressions) {
        requireAtMost("foreign key columns", key.fields().size(), DefinitionLimits.MAX_KEY_PARTS);
        if (key.fields().isEmpty() || key.fields().size() != key.targetFields().size()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_FOREIGN_KEY,
                    "number of referencing and referenced columns for foreign key disagree:"
                            + " constraint=\""
                            + key.name()
                            + "\" referencing="
                            + key.fields().size()
                            + " referenced="
                            + key.targetFields().size()
                            + ".");
        }
        if (key.target() < ForeignKey.SELF) {
            throw invalid("A collection's id is positive: target=" + key.target() + ".");
        }
        requireDifferent(key.fields(), "foreign key");
        requireDifferent(key.targetFields(), "foreign key");
        key.fields().forEach(path -> typeOf(path, columns, expressions));
        if (key.target() == ForeignKey.SELF) {
            key.targetFields().forEach(path -> typeOf(path, columns, expressions));
        }
        requireSettable(key, columns);
    }

    /** PostgreSQL: an action may not write a generated column. */
    private static void requireSettable(ForeignKey key, List<ColumnDefinition> columns) {
        boolean writes =
                sets(key.onDelete())
                        || sets(key.onUpdate())
                        || key.onUpdate() == ReferenceAction.CASCADE;
        for (ColumnDefinition column : columns) {
            boolean named =
                    key.fields().stream().anyMatch(path -> path.first().equals(column.name()));
            if (writes && named && column.stands() && column.isGenerated()) {
                throw invalid(
                        "An action of a foreign key would write a generated column: constraint=\""
                                + key.name()
                                + "\" column=\""
                                + column.name()
                                + "\".");
            }
        }
    }

    private static boolean sets(ReferenceAction action) {
        return action == ReferenceAction.SET_NULL || action == ReferenceAction.SET_DEFAULT;
    }

    /** The type of a path; {@link ErrorCode#UNDEFINED_COLUMN} when it leads nowhere. */
    static Type typeOf(
            FieldPath path, List<ColumnDefinition> columns, DefinitionExpressions expressions) {
        requirePath(path);
        if (expressions.scope() instanceof ColumnScope scope) {
            scope.resolve(path.steps());
        }
        return declaredType(path, columns, List.of());
    }

    static void requirePath(FieldPath path) {
        if (path.steps().isEmpty() || path.steps().size() > DocumentLimits.MAX_NESTING) {
            throw invalid(
                    "A path has 1 to "
                            + DocumentLimits.MAX_NESTING
                            + " steps: steps="
                            + path.steps().size()
                            + ".");
        }
        path.steps().forEach(Utf8::requireWellFormed);
    }

    private static void requireDifferent(List<FieldPath> paths, String where) {
        Set<FieldPath> seen = new HashSet<>();
        for (FieldPath path : paths) {
            requirePath(path);
            if (!seen.add(path)) {
                throw new NodeDbException(
                        ErrorCode.DUPLICATE_COLUMN,
                        "column \"" + path + "\" appears twice in " + where + " constraint.");
            }
        }
    }

    static void requireName(String what, String name) {
        int bytes = Utf8.encode(name).length;
        if (bytes == 0 || bytes > DefinitionLimits.MAX_NAME_BYTES) {
            throw new NodeDbException(
                    ErrorCode.INVALID_NAME,
                    "The name of a " + what + " is empty or too long: bytes=" + bytes + ".");
        }
    }

    static void requireAtMost(String what, int count, int most) {
        if (count > most) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "A collection has too many "
                            + what
                            + ": count="
                            + count
                            + " limit="
                            + most
                            + ".");
        }
    }

    /** A type that values can be stored with. */
    static void requireStorable(Type type, String what) {
        Type inner = type;
        int dimensions = 0;
        while (inner.isArray()) {
            inner = inner.elementType();
            dimensions++;
        }
        boolean limited = inner.tag() == TypeTag.DECIMAL || inner.tag() == TypeTag.VARCHAR;
        boolean sound =
                inner.length() == Type.UNLIMITED
                        ? inner.scale() == 0
                        : limited && inner.length() > 0 && inner.scale() <= inner.length();
        if (inner.isDynamic() || dimensions > DefinitionLimits.MAX_DIMENSIONS || !sound) {
            throw invalid(what + " can't have type " + type + ".");
        }
    }

    static void requireValue(Value value, Type type, String column) {
        if (!DefinitionExpressions.isOfType(value, type)) {
            throw invalid(
                    "A column's value for older rows is not of its type: column=" + column + ".");
        }
    }

    static void refuseGenerated(Expr expression, ColumnDefinition column, Set<String> generated) {
        for (List<String> path : ExprParts.fields(expression)) {
            if (!path.isEmpty() && generated.contains(path.getFirst())) {
                throw new NodeDbException(
                        ErrorCode.INVALID_OBJECT_DEFINITION,
                        "cannot use generated column \""
                                + path.getFirst()
                                + "\" in the generation expression of column \""
                                + column.name()
                                + "\".");
            }
        }
    }

    static NodeDbException invalid(String message) {
        return new NodeDbException(ErrorCode.INVALID_DEFINITION, message);
    }
}
