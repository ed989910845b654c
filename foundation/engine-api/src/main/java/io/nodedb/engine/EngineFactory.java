package io.nodedb.engine;

/** Makes the engine instances of one kind. Called by the threads that open partitions. */
public interface EngineFactory {
    /** Number in effects ({@code engine} field) and in file headers; stable. */
    int id();

    /** Folder below the partition's and name in messages: {@code kv}. */
    String name();

    /** An empty engine for one partition. */
    Engine create(EngineEnvironment environment);
}
