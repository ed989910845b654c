package io.nodedb.data.probe;

import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.KeyValueEngineContract;

class ProbeEngineTest extends KeyValueEngineContract {
    @Override
    protected Engine create(EngineEnvironment environment) {
        return new ProbeEngine(ProbeFactory.ID, environment);
    }
}
