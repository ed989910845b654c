package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.document.definition.CheckConstraint;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.Evaluation;
import java.util.List;

/** The CHECK constraints of a collection, bound. */
record RowChecks(List<Bound> checks) {
    record Bound(String name, BoundExpression condition) {}

    static RowChecks of(List<CheckConstraint> checks, DefinitionExpressions expressions) {
        return new RowChecks(
                checks.stream()
                        .map(check ->
                                new Bound(
                                        check.name(), expressions.bindCondition(check.condition())))
                        .toList());
    }

    /** NULL passes, as in SQL. */
    void require(Evaluation evaluation) {
        for (Bound check : checks) {
            if (check.condition().test(evaluation) == BoundExpression.FALSE) {
                throw new RowRefusedException(
                        ErrorCode.CONSTRAINT_REJECTED,
                        null,
                        "new row violates check constraint \"" + check.name() + "\".");
            }
        }
    }
}
