package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.definition.DefinitionExpressions;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.DocumentScope;
import io.nodedb.plan.expression.Exprs;
import java.util.ArrayList;
import java.util.List;

/** Makes the steps of a patch on a row's fields. */
final class PatchSteps {
    private PatchSteps() {}

    static Value.Document apply(RowPatch patch, Value.Document row) {
        if (patch.steps().size() > DocumentLimits.MAX_PATCH_STEPS) {
            throw new RowRefusedException(
                    ErrorCode.PROGRAM_LIMIT,
                    null,
                    "A patch has too many steps: steps="
                            + patch.steps().size()
                            + " limit="
                            + DocumentLimits.MAX_PATCH_STEPS
                            + ".");
        }
        Value.Document changed = row;
        for (RowPatch.Step step : patch.steps()) {
            changed =
                    switch (step) {
                        case RowPatch.SetField(var path, var value) ->
                                FieldTree.with(changed, checked(path), value);
                        case RowPatch.RemoveField(var path) ->
                                FieldTree.without(changed, checked(path));
                        case RowPatch.Increment(var path, var by) ->
                                FieldTree.with(changed, checked(path), sum(changed, path, by));
                        case RowPatch.Append(var path, var element) ->
                                FieldTree.with(
                                        changed, checked(path), longer(changed, path, element));
                    };
        }
        return changed;
    }

    private static FieldPath checked(FieldPath path) {
        if (path.steps().isEmpty() || path.steps().size() > DocumentLimits.MAX_NESTING) {
            throw new RowRefusedException(
                    ErrorCode.PROGRAM_LIMIT,
                    null,
                    "A path has 1 to "
                            + DocumentLimits.MAX_NESTING
                            + " steps: steps="
                            + path.steps().size()
                            + ".");
        }
        return path;
    }

    private static Value sum(Value.Document row, FieldPath path, Value.Numeric by) {
        Value old = FieldTree.get(row, path.steps());
        if (old == null || old.isNull()) {
            return by;
        }
        if (!(old instanceof Value.Numeric)) {
            throw new RowRefusedException(
                    ErrorCode.TYPE_MISMATCH,
                    path,
                    "Only a number can be incremented: field="
                            + path
                            + " type="
                            + old.tag().sqlName()
                            + ".");
        }
        try {
            BoundExpression sum =
                    new DefinitionExpressions(new DocumentScope())
                            .bind(Exprs.of(old).plus((Value) by));
            return sum.evaluate(DefinitionExpressions.evaluation(0));
        } catch (NodeDbException refused) {
            throw RowRefusedException.of(path, refused);
        }
    }

    private static Value longer(Value.Document row, FieldPath path, Value element) {
        Value old = FieldTree.get(row, path.steps());
        if (old == null || old.isNull()) {
            return new Value.Array(List.of(element));
        }
        if (!(old instanceof Value.Array array)) {
            throw new RowRefusedException(
                    ErrorCode.TYPE_MISMATCH,
                    path,
                    "Only an array has an end to append to: field="
                            + path
                            + " type="
                            + old.tag().sqlName()
                            + ".");
        }
        List<Value> elements = new ArrayList<>(array.elements());
        elements.add(element);
        return new Value.Array(elements);
    }
}
