package io.nodedb.data.probe;

import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineContract;
import io.nodedb.engine.EngineEnvironment;

class ProbeEngineTest extends EngineContract {
    @Override
    protected Engine create(EngineEnvironment environment) {
        return new ProbeEngine(ProbeFactory.ID, environment);
    }
}
