package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;

/** Changes of guards, checks and foreign keys. */
final class ConstraintEvolution {
    private ConstraintEvolution() {}

    static CollectionDefinition withGuard(CollectionDefinition definition, FieldGuard guard) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.guards.removeIf(old -> old.path().equals(guard.path()));
        draft.guards.add(guard);
        return draft.finish();
    }

    static CollectionDefinition withoutGuard(CollectionDefinition definition, FieldPath path) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        if (!draft.guards.removeIf(guard -> guard.path().equals(path))) {
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_OBJECT,
                    "No type guard is on the field: field=" + path + ".");
        }
        return draft.finish();
    }

    static CollectionDefinition addCheck(CollectionDefinition definition, CheckConstraint check) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.checks.add(check);
        return draft.finish();
    }

    static CollectionDefinition addForeignKey(CollectionDefinition definition, ForeignKey key) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.foreignKeys.add(key);
        return draft.finish();
    }

    static CollectionDefinition drop(CollectionDefinition definition, String name) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        boolean found =
                draft.checks.removeIf(check -> check.name().equals(name))
                        || draft.foreignKeys.removeIf(key -> key.name().equals(name));
        if (!found) {
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_OBJECT, "constraint \"" + name + "\" does not exist.");
        }
        return draft.finish();
    }
}
