package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.document.tuple.TupleSchema;
import io.nodedb.plan.expression.Expr;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the columns of a strict collection fulfil. */
final class ColumnRules {
    private ColumnRules() {}

    static void check(List<ColumnDefinition> columns, int rowVersion) {
        if (columns.size() > DefinitionLimits.MAX_COLUMNS) {
            throw new NodeDbException(
                    ErrorCode.TOO_MANY_COLUMNS,
                    "tables can have at most "
                            + DefinitionLimits.MAX_COLUMNS
                            + " columns, dropped ones included: columns="
                            + columns.size()
                            + ".");
        }
        if (rowVersion < 0 || rowVersion > TupleSchema.MAX_VERSION) {
            throw DefinitionRules.invalid("A row version is out of bounds: " + rowVersion + ".");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            ColumnDefinition column = columns.get(i);
            checkShape(column, i + 1, rowVersion);
            if (column.stands() && !names.add(column.name())) {
                throw new NodeDbException(
                        ErrorCode.DUPLICATE_COLUMN,
                        "column \"" + column.name() + "\" specified more than once.");
            }
        }
        checkSources(columns.stream().filter(ColumnDefinition::stands).toList());
    }

    private static void checkShape(ColumnDefinition column, int id, int rowVersion) {
        DefinitionRules.requireName("column", column.name());
        DefinitionRules.requireStorable(column.type(), "column \"" + column.name() + "\"");
        DefinitionRules.requireValue(column.missing(), column.type(), column.name());
        boolean sound =
                column.id() == id
                        && column.addedIn() >= 0
                        && column.addedIn() <= rowVersion
                        && (column.stands()
                                || (column.droppedIn() > column.addedIn()
                                        && column.droppedIn() <= rowVersion));
        if (!sound) {
            throw DefinitionRules.invalid(
                    "A column's id or versions are out of order: column=\""
                            + column.name()
                            + "\" id="
                            + column.id()
                            + " added="
                            + column.addedIn()
                            + " dropped="
                            + column.droppedIn()
                            + ".");
        }
    }

    private static void checkSources(List<ColumnDefinition> standing) {
        DefinitionExpressions constants = new DefinitionExpressions(List.of());
        DefinitionExpressions row = new DefinitionExpressions(standing);
        Set<String> generated =
                standing.stream()
                        .filter(ColumnDefinition::isGenerated)
                        .map(ColumnDefinition::name)
                        .collect(Collectors.toSet());
        for (ColumnDefinition column : standing) {
            switch (column.source()) {
                case ColumnSource.Given _ -> {}
                case ColumnSource.Default(Expr expression) -> {
                    DefinitionExpressions.requireNoField(expression);
                    constants.bindFor(expression, column.type());
                }
                case ColumnSource.Generated(Expr expression) -> {
                    DefinitionRules.refuseGenerated(expression, column, generated);
                    DefinitionExpressions.requireImmutable(expression, "a generation expression");
                    row.bindFor(expression, column.type());
                }
            }
        }
    }
}
