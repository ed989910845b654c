package io.nodedb.plan.expression;

import io.nodedb.base.value.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The fields of schemaless documents: each path that an expression names gets a slot, in the order
 * of first use, so that a reader prepares its keys once. Owned by the thread that binds.
 */
public final class DocumentScope implements FieldScope {
    private final List<List<String>> paths = new ArrayList<>();

    @Override
    public ScopeField resolve(List<String> path) {
        int slot = paths.indexOf(path);
        if (slot < 0) {
            slot = paths.size();
            paths.add(List.copyOf(path));
        }
        return new ScopeField(slot, Type.ANY, List.of());
    }

    /** The paths by slot. */
    public List<List<String>> paths() {
        return Collections.unmodifiableList(paths);
    }
}
