package io.nodedb.assembly;

import io.nodedb.data.core.CoreCompanion;
import org.jspecify.annotations.Nullable;

/** A front end that has lanes of its own: a server. */
public interface Front {
    /** No front end: callers share one lane. */
    Front NONE =
            new Front() {
                @Override
                public FrontLanes lanes() {
                    return FrontLanes.NONE;
                }

                @Override
                public void attach(Kernel kernel) {}

                @Override
                public @Nullable CoreCompanion companion(int core) {
                    return null;
                }
            };

    /** Its lanes. */
    FrontLanes lanes();

    /** The kernel is recovered and wired; its threads do not run yet. */
    void attach(Kernel kernel);

    /** What a core's thread drives beside the core, where {@link FrontLanes#drivers} says so. */
    @Nullable CoreCompanion companion(int core);
}
