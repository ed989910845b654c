package io.nodedb.assembly;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.plan.Call;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a front end, each of which is one thread's way to the cores.
 *
 * @param wakeups the sleeping place of each lane's thread
 * @param payloads makes the reusable payload of every request of these lanes
 * @param drivers for each core the lane whose sockets the core's own thread drives, so that both
 *     sleep at that lane's place; empty when every lane has a thread of its own
 */
@Immutable
public record FrontLanes(
        List<Wakeup> wakeups, Supplier<? extends Call> payloads, List<@Nullable Integer> drivers) {
    /** No front end: an embedded database. */
    public static final FrontLanes NONE =
            new FrontLanes(
                    List.of(),
                    () -> {
                        throw new IllegalStateException("there is no front end");
                    },
                    List.of());

    /** The lane that a core's thread drives, -1 for none. */
    int laneOfCore(int core) {
        Integer lane = core < drivers.size() ? drivers.get(core) : null;
        return lane == null ? -1 : lane;
    }
}
