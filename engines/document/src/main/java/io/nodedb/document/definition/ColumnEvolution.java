package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.plan.expression.Expr;
import io.nodedb.plan.expression.ExprParts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes of a strict collection's columns. */
final class ColumnEvolution {
    private ColumnEvolution() {}

    /** A column of a new collection. */
    static ColumnDefinition first(NewColumn column, int id) {
        return new ColumnDefinition(
                id,
                column.name(),
                column.type(),
                column.nullability(),
                column.source(),
                Value.NULL,
                0,
                ColumnDefinition.STANDS);
    }

    static CollectionDefinition add(
            CollectionDefinition definition, NewColumn column, long nowMicros) {
        requireStrict(definition);
        if (column.source() instanceof ColumnSource.Generated) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "A generated column can't be added to rows that stand: column=\""
                            + column.name()
                            + "\"; convert the collection to a definition that has it.");
        }
        Value missing =
                column.source() instanceof ColumnSource.Default(Expr expression)
                        ? new DefinitionExpressions(List.of())
                                .constant(expression, column.type(), nowMicros)
                        : Value.NULL;
        if (missing.isNull() && column.nullability() == Nullability.NOT_NULL) {
            throw new NodeDbException(
                    ErrorCode.NOT_NULL_VIOLATION,
                    "Rows that stand would hold NULL: column=\""
                            + column.name()
                            + "\"; give the column a default.");
        }
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.rowVersion++;
        draft.columns.add(
                new ColumnDefinition(
                        definition.columns().size() + 1,
                        column.name(),
                        column.type(),
                        column.nullability(),
                        column.source(),
                        missing,
                        draft.rowVersion,
                        ColumnDefinition.STANDS));
        return draft.finish();
    }

    static CollectionDefinition drop(CollectionDefinition definition, String name) {
        ColumnDefinition dropped = require(definition, name);
        refuseDependents(definition, name);
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.rowVersion++;
        draft.columns.set(dropped.id() - 1, dropped.dropped(draft.rowVersion));
        draft.checks.removeIf(check -> names(check.condition(), name));
        draft.foreignKeys.removeIf(key ->
                names(key.fields(), name)
                        || (key.target() == ForeignKey.SELF && names(key.targetFields(), name)));
        draft.indexes.removeIf(index ->
                names(index.predicate(), name)
                        || index.parts().stream().anyMatch(part -> names(part.source(), name)));
        return draft.finish();
    }

    private static void refuseDependents(CollectionDefinition definition, String name) {
        if (names(definition.primaryKey().paths(), name)) {
            throw dependent(name, "the primary key");
        }
        for (ColumnDefinition column : definition.standingColumns()) {
            if (!column.name().equals(name)
                    && column.source() instanceof ColumnSource.Generated(Expr expression)
                    && names(expression, name)) {
                throw dependent(name, "column \"" + column.name() + "\"");
            }
        }
    }

    private static NodeDbException dependent(String name, String what) {
        return new NodeDbException(
                ErrorCode.DEPENDENT_OBJECTS,
                "cannot drop column \"" + name + "\" because " + what + " depends on it.");
    }

    static CollectionDefinition rename(
            CollectionDefinition definition, String name, String newName) {
        ColumnDefinition renamed = require(definition, name);
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.columns.set(renamed.id() - 1, renamed.named(newName));
        draft.columns.replaceAll(column ->
                column.stands()
                                && column.source()
                                        instanceof ColumnSource.Generated(Expr expression)
                        ? column.with(
                                new ColumnSource.Generated(renamed(expression, name, newName)))
                        : column);
        draft.primaryKey =
                new PrimaryKey(
                        renamed(draft.primaryKey.paths(), name, newName),
                        draft.primaryKey.source());
        draft.checks.replaceAll(check ->
                new CheckConstraint(check.name(), renamed(check.condition(), name, newName)));
        draft.foreignKeys.replaceAll(key -> renamed(key, name, newName));
        draft.indexes.replaceAll(index -> renamed(index, name, newName));
        return draft.finish();
    }

    private static ForeignKey renamed(ForeignKey key, String from, String to) {
        return new ForeignKey(
                key.name(),
                renamed(key.fields(), from, to),
                key.target(),
                key.target() == ForeignKey.SELF
                        ? renamed(key.targetFields(), from, to)
                        : key.targetFields(),
                key.onDelete(),
                key.onUpdate());
    }

    private static IndexDefinition renamed(IndexDefinition index, String from, String to) {
        return new IndexDefinition(
                index.id(),
                index.name(),
                index.uniqueness(),
                index.parts().stream()
                        .map(part -> new IndexPart(renamed(part.source(), from, to), part.order()))
                        .toList(),
                index.predicate() == null ? null : renamed(index.predicate(), from, to),
                index.state());
    }

    private static IndexPart.Source renamed(IndexPart.Source source, String from, String to) {
        return switch (source) {
            case IndexPart.Field(var path) -> new IndexPart.Field(path.renamed(from, to));
            case IndexPart.Computed(var expression) ->
                    new IndexPart.Computed(renamed(expression, from, to));
            case IndexPart.EachElement(var array, var inside) ->
                    new IndexPart.EachElement(array.renamed(from, to), inside);
        };
    }

    private static List<FieldPath> renamed(List<FieldPath> paths, String from, String to) {
        return paths.stream().map(path -> path.renamed(from, to)).toList();
    }

    private static Expr renamed(Expr expression, String from, String to) {
        return ExprParts.withFields(expression, steps -> FieldPath.renamed(steps, from, to));
    }

    static CollectionDefinition widen(CollectionDefinition definition, String name, Type type) {
        ColumnDefinition column = require(definition, name);
        if (!isWider(column.type(), type)) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "Rows would have to be rewritten: column=\""
                            + name
                            + "\" type="
                            + column.type()
                            + " wanted="
                            + type
                            + "; convert the collection to a definition that has it.");
        }
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.columns.set(column.id() - 1, column.with(type));
        return draft.finish();
    }

    private static boolean isWider(Type from, Type to) {
        if (from.tag().isText() && to.tag().isText()) {
            return to.length() == Type.UNLIMITED
                    || (from.length() != Type.UNLIMITED && to.length() >= from.length());
        }
        boolean decimals = from.tag() == TypeTag.DECIMAL && to.tag() == TypeTag.DECIMAL;
        return decimals
                && (to.length() == Type.UNLIMITED
                        || (from.length() != Type.UNLIMITED
                                && to.scale() == from.scale()
                                && to.length() >= from.length()));
    }

    static CollectionDefinition withSource(
            CollectionDefinition definition, String name, ColumnSource source) {
        ColumnDefinition column = require(definition, name);
        if (column.isGenerated() || source instanceof ColumnSource.Generated) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "What a column is generated from can't be changed under rows that stand:"
                            + " column=\""
                            + name
                            + "\"; convert the collection.");
        }
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.columns.set(column.id() - 1, column.with(source));
        return draft.finish();
    }

    static CollectionDefinition withNullability(
            CollectionDefinition definition, String name, Nullability nullability) {
        ColumnDefinition column = require(definition, name);
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.columns.set(column.id() - 1, column.with(nullability));
        return draft.finish();
    }

    private static ColumnDefinition require(CollectionDefinition definition, String name) {
        requireStrict(definition);
        return definition
                .column(name)
                .orElseThrow(() ->
                        new NodeDbException(
                                ErrorCode.UNDEFINED_COLUMN,
                                "column \"" + name + "\" does not exist."));
    }

    private static void requireStrict(CollectionDefinition definition) {
        if (!definition.isStrict()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_DEFINITION,
                    "A schemaless collection has no columns to change; guard its fields, or"
                            + " convert it to a strict one.");
        }
    }

    private static boolean names(List<FieldPath> paths, String column) {
        return paths.stream().anyMatch(path -> path.first().equals(column));
    }

    private static boolean names(@Nullable Expr expression, String column) {
        return expression != null
                && ExprParts.fields(expression).stream()
                        .anyMatch(steps -> steps.getFirst().equals(column));
    }

    private static boolean names(IndexPart.Source source, String column) {
        return switch (source) {
            case IndexPart.Field(var path) -> path.first().equals(column);
            case IndexPart.Computed(var expression) -> names(expression, column);
            case IndexPart.EachElement(var array, _) -> array.first().equals(column);
        };
    }
}
