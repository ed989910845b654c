package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.document.tuple.Column;
import io.nodedb.document.tuple.SchemaHistory;
import io.nodedb.document.tuple.TupleSchema;
import io.nodedb.plan.expression.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a collection is at one point of its life. A change gives another definition, whose {@code
 * version} is one higher; both are complete and checked.
 *
 * <p>Failures, of every way to make one: PostgreSQL's SQLSTATE for the mistake, such as {@link
 * ErrorCode#INVALID_DEFINITION}, {@link ErrorCode#DUPLICATE_COLUMN}, {@link
 * ErrorCode#UNDEFINED_COLUMN}; {@link ErrorCode#PROGRAM_LIMIT} beyond {@link DefinitionLimits}.
 *
 * @param version counts the changes, from 1
 * @param rowVersion stands in the rows of a strict collection; only a change of the stored columns
 *     makes a new one
 * @param nextIndexId the id that the next index gets
 * @param columns all that a strict collection ever had, by id from 1; none for a schemaless one
 */
@Immutable
public record CollectionDefinition(
        CollectionKind kind,
        int version,
        int rowVersion,
        int nextIndexId,
        List<ColumnDefinition> columns,
        PrimaryKey primaryKey,
        List<FieldGuard> guards,
        List<CheckConstraint> checks,
        List<ForeignKey> foreignKeys,
        List<IndexDefinition> indexes) {
    public CollectionDefinition {
        columns = List.copyOf(columns);
        guards = List.copyOf(guards);
        checks = List.copyOf(checks);
        foreignKeys = List.copyOf(foreignKeys);
        indexes = List.copyOf(indexes);
        DefinitionRules.check(kind, rowVersion, columns, primaryKey, guards, checks, foreignKeys);
        IndexRules.check(kind, columns, indexes, nextIndexId);
    }

    /** A schemaless collection without guards, constraints and indexes. */
    public static CollectionDefinition schemaless(PrimaryKey primaryKey) {
        return new CollectionDefinition(
                CollectionKind.SCHEMALESS,
                1,
                0,
                1,
                List.of(),
                primaryKey,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** A strict collection of these columns, without constraints and indexes. */
    public static CollectionDefinition strict(PrimaryKey primaryKey, NewColumn... columns) {
        List<ColumnDefinition> numbered = new ArrayList<>();
        for (NewColumn column : columns) {
            numbered.add(ColumnEvolution.first(column, numbered.size() + 1));
        }
        return new CollectionDefinition(
                CollectionKind.STRICT,
                1,
                0,
                1,
                numbered,
                primaryKey,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    public boolean isStrict() {
        return kind == CollectionKind.STRICT;
    }

    /**
     * Do both say the same of rows to come? How they came to be (versions, ids, dropped columns)
     * does not count.
     */
    public boolean saysTheSameAs(CollectionDefinition other) {
        return kind == other.kind
                && primaryKey.equals(other.primaryKey)
                && newColumns().equals(other.newColumns())
                && Set.copyOf(guards).equals(Set.copyOf(other.guards))
                && Set.copyOf(checks).equals(Set.copyOf(other.checks))
                && Set.copyOf(foreignKeys).equals(Set.copyOf(other.foreignKeys))
                && newIndexes().equals(other.newIndexes());
    }

    private List<NewColumn> newColumns() {
        return standingColumns().stream()
                .map(column ->
                        new NewColumn(
                                column.name(),
                                column.type(),
                                column.nullability(),
                                column.source()))
                .toList();
    }

    private Set<NewIndex> newIndexes() {
        return indexes.stream()
                .map(index ->
                        new NewIndex(
                                index.name(), index.uniqueness(), index.parts(), index.predicate()))
                .collect(Collectors.toSet());
    }

    /** The columns that were not dropped, in the order in which rows store them. */
    public List<ColumnDefinition> standingColumns() {
        return columns.stream().filter(ColumnDefinition::stands).toList();
    }

    /** The standing column of a name. */
    public Optional<ColumnDefinition> column(String name) {
        return columns.stream()
                .filter(column -> column.stands() && column.name().equals(name))
                .findFirst();
    }

    /** The index of a name. */
    public Optional<IndexDefinition> index(String name) {
        return indexes.stream().filter(index -> index.name().equals(name)).findFirst();
    }

    /** The versions of a strict collection's rows, as the tuple format wants them. */
    public SchemaHistory schemaHistory() {
        if (!isStrict()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_DEFINITION, "A schemaless collection has no columns.");
        }
        List<TupleSchema> versions = new ArrayList<>();
        for (int i = 0; i <= rowVersion; i++) {
            int rows = i;
            versions.add(
                    new TupleSchema(
                            rows,
                            columns.stream()
                                    .filter(column -> column.isStoredIn(rows))
                                    .map(CollectionDefinition::stored)
                                    .toList()));
        }
        return new SchemaHistory(versions);
    }

    private static Column stored(ColumnDefinition column) {
        return new Column(column.id(), column.name(), column.type(), column.missing());
    }

    /**
     * One more column. Rows that stand read its default as of {@code nowMicros} (since 1970 UTC),
     * or NULL; {@link ErrorCode#NOT_NULL_VIOLATION} when they may not, and {@link
     * ErrorCode#UNSUPPORTED} for a generated one, which they would have to be rewritten for.
     */
    public CollectionDefinition addColumn(NewColumn column, long nowMicros) {
        return ColumnEvolution.add(this, column, nowMicros);
    }

    /**
     * Without a column and, as in PostgreSQL, without the indexes, checks and foreign keys that
     * name it. {@link ErrorCode#DEPENDENT_OBJECTS} when the primary key or a generated column does.
     */
    public CollectionDefinition dropColumn(String name) {
        return ColumnEvolution.drop(this, name);
    }

    /** Renames a column wherever it is named; rows stay as they are. */
    public CollectionDefinition renameColumn(String name, String newName) {
        return ColumnEvolution.rename(this, name, newName);
    }

    /**
     * Widens a column's type so that rows stay as they are: a longer VARCHAR or TEXT, a DECIMAL of
     * more digits before the point. {@link ErrorCode#UNSUPPORTED} for any other type.
     */
    public CollectionDefinition widenColumn(String name, Type type) {
        return ColumnEvolution.widen(this, name, type);
    }

    /** Another default for rows to come, or none ({@link ColumnSource#GIVEN}). */
    public CollectionDefinition withSource(String column, ColumnSource source) {
        return ColumnEvolution.withSource(this, column, source);
    }

    /** For NOT NULL the caller has made sure that no row that stands breaks it. */
    public CollectionDefinition withNullability(String column, Nullability nullability) {
        return ColumnEvolution.withNullability(this, column, nullability);
    }

    /** Another guard for the field of its path; rows that stand are not looked at. */
    public CollectionDefinition withGuard(FieldGuard guard) {
        return ConstraintEvolution.withGuard(this, guard);
    }

    /** {@link ErrorCode#UNDEFINED_OBJECT} when the field has none. */
    public CollectionDefinition withoutGuard(FieldPath path) {
        return ConstraintEvolution.withoutGuard(this, path);
    }

    /** The caller has made sure that no row that stands breaks it. */
    public CollectionDefinition addCheck(String name, Expr condition) {
        return ConstraintEvolution.addCheck(this, new CheckConstraint(name, condition));
    }

    /** The caller has made sure that no row that stands breaks it. */
    public CollectionDefinition addForeignKey(ForeignKey foreignKey) {
        return ConstraintEvolution.addForeignKey(this, foreignKey);
    }

    /** Drops a check or foreign key; {@link ErrorCode#UNDEFINED_OBJECT} when there is none. */
    public CollectionDefinition dropConstraint(String name) {
        return ConstraintEvolution.drop(this, name);
    }

    /** One more index, {@link IndexState#BUILDING} until {@link #withIndexReady}. */
    public CollectionDefinition addIndex(NewIndex index) {
        return IndexEvolution.add(this, index);
    }

    /** After all rows are in the index. */
    public CollectionDefinition withIndexReady(String name) {
        return IndexEvolution.ready(this, name);
    }

    public CollectionDefinition renameIndex(String name, String newName) {
        return IndexEvolution.rename(this, name, newName);
    }

    /** Its entries are met by nobody from now on. */
    public CollectionDefinition dropIndex(String name) {
        return IndexEvolution.drop(this, name);
    }
}
