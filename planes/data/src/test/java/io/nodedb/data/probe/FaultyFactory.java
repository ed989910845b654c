package io.nodedb.data.probe;

import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFactory;

/** Makes another factory's engines fail as told. */
public final class FaultyFactory implements EngineFactory {
    private final EngineFactory factory;
    private final Faults faults;

    public FaultyFactory(EngineFactory factory, Faults faults) {
        this.factory = factory;
        this.faults = faults;
    }

    @Override
    public int id() {
        return factory.id();
    }

    @Override
    public String name() {
        return factory.name();
    }

    @Override
    public Engine create(EngineEnvironment environment) {
        return new FaultyEngine(factory.create(environment), faults);
    }
}
