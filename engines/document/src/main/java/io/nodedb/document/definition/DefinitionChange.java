package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.plan.expression.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of a definition, made in their order and seen all at once: {@code new
 * DefinitionChange().addColumn(…).renameColumn(…)}.
 *
 * <p>Failures, when it is made: those of the methods of {@link CollectionDefinition} of the same
 * names.
 */
@Immutable
public record DefinitionChange(List<Step> steps) {
    /** One change. */
    public sealed interface Step {}

    /** One more column, of which rows that stand read the default. */
    public record AddColumn(NewColumn column) implements Step {}

    public record DropColumn(String name) implements Step {}

    public record RenameColumn(String name, String newName) implements Step {}

    public record WidenColumn(String name, Type type) implements Step {}

    /** Another default, or none. */
    public record SetSource(String column, ColumnSource source) implements Step {}

    public record SetNullability(String column, Nullability nullability) implements Step {}

    /** Puts a guard on a field, in the place of the one that is there. */
    public record SetGuard(FieldGuard guard) implements Step {}

    public record DropGuard(FieldPath path) implements Step {}

    public record AddCheck(String name, Expr condition) implements Step {}

    public record DropConstraint(String name) implements Step {}

    public DefinitionChange {
        steps = List.copyOf(steps);
    }

    /** Without a change yet. */
    public DefinitionChange() {
        this(List.of());
    }

    public DefinitionChange addColumn(NewColumn column) {
        return with(new AddColumn(column));
    }

    public DefinitionChange dropColumn(String name) {
        return with(new DropColumn(name));
    }

    public DefinitionChange renameColumn(String name, String newName) {
        return with(new RenameColumn(name, newName));
    }

    public DefinitionChange widenColumn(String name, Type type) {
        return with(new WidenColumn(name, type));
    }

    /** Another default for rows to come. */
    public DefinitionChange setDefault(String column, Expr expression) {
        return with(new SetSource(column, new ColumnSource.Default(expression)));
    }

    public DefinitionChange dropDefault(String column) {
        return with(new SetSource(column, ColumnSource.GIVEN));
    }

    /** Rows that stand must have the column. */
    public DefinitionChange setNotNull(String column) {
        return with(new SetNullability(column, Nullability.NOT_NULL));
    }

    public DefinitionChange dropNotNull(String column) {
        return with(new SetNullability(column, Nullability.NULLABLE));
    }

    public DefinitionChange setGuard(FieldGuard guard) {
        return with(new SetGuard(guard));
    }

    public DefinitionChange dropGuard(FieldPath path) {
        return with(new DropGuard(path));
    }

    /** Rows that stand must fulfil it. */
    public DefinitionChange addCheck(String name, Expr condition) {
        return with(new AddCheck(name, condition));
    }

    public DefinitionChange dropConstraint(String name) {
        return with(new DropConstraint(name));
    }

    private DefinitionChange with(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new DefinitionChange(longer);
    }

    /** May rows that stand break what follows, so that they have to be looked at? */
    public boolean restrictsRows() {
        return steps.stream()
                .anyMatch(step ->
                        step instanceof AddCheck
                                || (step instanceof SetNullability(var _, var nullability)
                                        && nullability == Nullability.NOT_NULL));
    }

    /**
     * The definition that follows; {@code nowMicros} (since 1970 UTC) is what now() gives in the
     * default of an added column.
     */
    public CollectionDefinition apply(CollectionDefinition before, long nowMicros) {
        CollectionDefinition changed = before;
        for (Step step : steps) {
            changed =
                    switch (step) {
                        case AddColumn(var column) -> changed.addColumn(column, nowMicros);
                        case DropColumn(var name) -> changed.dropColumn(name);
                        case RenameColumn(var name, var newName) ->
                                changed.renameColumn(name, newName);
                        case WidenColumn(var name, var type) -> changed.widenColumn(name, type);
                        case SetSource(var column, var source) ->
                                changed.withSource(column, source);
                        case SetNullability(var column, var nullability) ->
                                changed.withNullability(column, nullability);
                        case SetGuard(var guard) -> changed.withGuard(guard);
                        case DropGuard(var path) -> changed.withoutGuard(path);
                        case AddCheck(var name, var condition) -> changed.addCheck(name, condition);
                        case DropConstraint(var name) -> changed.dropConstraint(name);
                    };
        }
        return changed;
    }
}
