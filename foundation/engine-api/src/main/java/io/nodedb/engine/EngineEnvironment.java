package io.nodedb.engine;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Immutable;

/** What an engine instance is born with. */
@Immutable
public record EngineEnvironment(int partition, MemoryGovernor governor, Horizon horizon) {}
