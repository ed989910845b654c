package io.nodedb.data.recovery;

import io.nodedb.engine.EngineFolder;

/** Where engines keep files of their own. Called by the threads that load engines. */
@FunctionalInterface
public interface EngineFolders {
    /** The folder of an engine of a partition. */
    EngineFolder of(int partition, int engineId);
}
