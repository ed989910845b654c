package io.nodedb.document.definition;

import java.util.ArrayList;
import java.util.List;

/** A definition while one change is made to it. Owned by the change. */
final class DefinitionDraft {
    private final CollectionDefinition before;
    int rowVersion;
    int nextIndexId;
    PrimaryKey primaryKey;
    final List<ColumnDefinition> columns;
    final List<FieldGuard> guards;
    final List<CheckConstraint> checks;
    final List<ForeignKey> foreignKeys;
    final List<IndexDefinition> indexes;

    DefinitionDraft(CollectionDefinition before) {
        this.before = before;
        rowVersion = before.rowVersion();
        nextIndexId = before.nextIndexId();
        primaryKey = before.primaryKey();
        columns = new ArrayList<>(before.columns());
        guards = new ArrayList<>(before.guards());
        checks = new ArrayList<>(before.checks());
        foreignKeys = new ArrayList<>(before.foreignKeys());
        indexes = new ArrayList<>(before.indexes());
    }

    /** The next definition, checked. */
    CollectionDefinition finish() {
        return new CollectionDefinition(
                before.kind(),
                Math.addExact(before.version(), 1),
                rowVersion,
                nextIndexId,
                columns,
                primaryKey,
                guards,
                checks,
                foreignKeys,
                indexes);
    }
}
