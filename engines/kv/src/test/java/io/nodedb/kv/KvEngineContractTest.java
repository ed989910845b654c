package io.nodedb.kv;

import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineContract;
import io.nodedb.engine.EngineEnvironment;

class KvEngineContractTest extends EngineContract {
    @Override
    protected Engine create(EngineEnvironment environment) {
        return new KvEngineFactory().create(environment);
    }
}
