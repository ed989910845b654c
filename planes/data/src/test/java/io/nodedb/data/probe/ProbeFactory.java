package io.nodedb.data.probe;

import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFactory;

/** Makes {@link ProbeEngine}s that fail as told. */
public final class ProbeFactory implements EngineFactory {
    public static final int ID = 1;

    private final Faults faults;

    public ProbeFactory(Faults faults) {
        this.faults = faults;
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public String name() {
        return "probe";
    }

    @Override
    public Engine create(EngineEnvironment environment) {
        return new FaultyEngine(new ProbeEngine(ID, environment), faults);
    }
}
