package io.nodedb.kv;

import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.KeyValueEngineContract;

class KvEngineContractTest extends KeyValueEngineContract {
    @Override
    protected Engine create(EngineEnvironment environment) {
        return new KvEngineFactory().create(environment);
    }
}
