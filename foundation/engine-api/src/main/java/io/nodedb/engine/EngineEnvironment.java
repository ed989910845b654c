package io.nodedb.engine;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * What an engine instance is born with.
 *
 * @param folder null for an engine without files of its own
 */
@Immutable
public record EngineEnvironment(
        int partition, MemoryGovernor governor, Horizon horizon, @Nullable EngineFolder folder) {
    /** Of an engine without files of its own. */
    public EngineEnvironment(int partition, MemoryGovernor governor, Horizon horizon) {
        this(partition, governor, horizon, null);
    }

    /** The folder, for an engine that can't be without. */
    public EngineFolder requireFolder() {
        EngineFolder given = folder;
        if (given == null) {
            throw new BugException("an engine with files of its own is given a folder");
        }
        return given;
    }
}
