package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.plan.expression.Expr;
import io.nodedb.plan.expression.ExprParts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the guards of a schemaless collection fulfil. */
final class GuardRules {
    private GuardRules() {}

    static void check(List<FieldGuard> guards, DefinitionExpressions expressions) {
        Set<FieldPath> paths = new HashSet<>();
        Set<List<String>> computed =
                guards.stream()
                        .filter(guard -> guard.computed() != null)
                        .map(guard -> guard.path().steps())
                        .collect(Collectors.toSet());
        for (FieldGuard guard : guards) {
            DefinitionRules.requirePath(guard.path());
            if (!paths.add(guard.path())) {
                throw new NodeDbException(
                        ErrorCode.DUPLICATE_COLUMN,
                        "A field is guarded twice: field=" + guard.path() + ".");
            }
            checkTypes(guard);
            checkExpressions(guard, computed, expressions);
        }
    }

    private static void checkTypes(FieldGuard guard) {
        DefinitionRules.requireAtMost(
                "types of a guard", guard.types().size(), DefinitionLimits.MAX_GUARD_TYPES);
        for (Type type : guard.types()) {
            DefinitionRules.requireStorable(type, "field " + guard.path());
        }
    }

    private static void checkExpressions(
            FieldGuard guard, Set<List<String>> computed, DefinitionExpressions expressions) {
        Expr otherwise = guard.otherwise();
        Expr value = guard.computed();
        if (otherwise != null && value != null) {
            throw DefinitionRules.invalid(
                    "A field has a default or is computed, not both: field=" + guard.path() + ".");
        }
        if (otherwise != null) {
            DefinitionExpressions.requireNoField(otherwise);
            expressions.bind(otherwise);
        }
        if (value != null) {
            DefinitionExpressions.requireImmutable(value, "the VALUE of a guard");
            for (List<String> path : ExprParts.fields(value)) {
                if (computed.contains(path)) {
                    throw new NodeDbException(
                            ErrorCode.INVALID_OBJECT_DEFINITION,
                            "A computed field can't be computed from another: field="
                                    + guard.path()
                                    + " from="
                                    + String.join(".", path)
                                    + ".");
                }
            }
            expressions.bind(value);
        }
        if (guard.check() != null) {
            expressions.bindCondition(guard.check());
        }
    }
}
