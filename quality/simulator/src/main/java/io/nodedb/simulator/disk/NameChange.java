package io.nodedb.simulator.disk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change of names that lasts wholly or not at all: a create, link, delete or rename. */
record NameChange(List<Edit> edits) {
    /** {@code after} null removes the name, if it still stands for {@code before}. */
    record Edit(Folder folder, String name, @Nullable Node before, @Nullable Node after) {
        void applyToDurable() {
            if (after != null) {
                folder.durable.put(name, after);
            } else if (folder.durable.get(name) == before) {
                folder.durable.remove(name);
            }
        }

        void applyToCurrent() {
            if (after != null) {
                folder.current.put(name, after);
            } else {
                folder.current.remove(name);
            }
        }
    }

    boolean touches(Folder folder) {
        return edits.stream().anyMatch(edit -> edit.folder == folder);
    }
}
