package io.nodedb.data.core;

import io.nodedb.data.commit.SectionedEffects;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.ExecutionContext;

/** The execution context as background work uses it. */
public interface BackgroundContext extends ExecutionContext {
    /** A slice begins; it should end by this time. */
    void beginBackground(long sliceEndNanos);

    /** What follows concerns this engine; effects appended before are forgotten. */
    void useSlot(EngineSlot slot);

    SectionedEffects sections();
}
