package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The columns of a strict collection: slots count them; a path leads on into JSON columns only. */
@Immutable
public final class ColumnScope implements FieldScope {
    private final SequencedMap<String, Type> columns;
    private final List<String> names;

    /** Names and types in the order of slots. */
    public ColumnScope(SequencedMap<String, Type> columns) {
        this.columns = new LinkedHashMap<>(columns);
        names = new ArrayList<>(columns.keySet());
    }

    @Override
    public ScopeField resolve(List<String> path) {
        String name = path.getFirst();
        Type type = columns.get(name);
        List<String> rest = path.subList(1, path.size());
        if (type == null || (!rest.isEmpty() && type.tag() != TypeTag.JSON)) {
            throw new NodeDbException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "column \""
                            + String.join(".", path)
                            + "\" does not exist"
                            + NearestWord.hint(name, columns.keySet())
                            + ".");
        }
        return new ScopeField(names.indexOf(name), type, rest);
    }
}
