package io.nodedb.kv;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFactory;

/** Makes key-value engines. */
@Immutable
public final class KvEngineFactory implements EngineFactory {
    /** Number of this engine in effects and file headers; stable. */
    public static final int ID = 1;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public Engine create(EngineEnvironment environment) {
        return new KvEngine(environment);
    }
}
