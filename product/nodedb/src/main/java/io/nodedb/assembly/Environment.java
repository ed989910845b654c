package io.nodedb.assembly;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.port.CallerWait;
import io.nodedb.data.failure.Failures;
import io.nodedb.data.recovery.RecoveryProgress;
import io.nodedb.engine.EngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.wake.Wakeup;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The world of one database.
 *
 * @param disk its directory
 * @param random seeds everything that is drawn; used by the opening thread only, which splits it
 * @param wakeups makes the sleeping place of one thread
 * @param lanes the lanes beside the shared one: a server's event loops
 * @param eventWakeup the sleeping place of the event hub, which is a virtual thread
 * @param callerWait how callers' threads wait for answers
 * @param loading how the cores' engines are loaded: one after the other or at once
 * @param cores data cores
 * @param spinNanos how long an idle core looks for work before it sleeps
 * @param progress is told how far the opening has come
 */
@Immutable
public record Environment(
        Disk disk,
        Settings settings,
        TimeSource time,
        RandomGenerator.SplittableGenerator random,
        Supplier<Wakeup> wakeups,
        FrontLanes lanes,
        Wakeup eventWakeup,
        CallerWait callerWait,
        Loading loading,
        MemoryGovernor governor,
        Failures failures,
        List<EngineFactory> engines,
        int cores,
        long spinNanos,
        RecoveryProgress progress) {

    /** A world in which nobody asks how far the opening has come. */
    public Environment(
            Disk disk,
            Settings settings,
            TimeSource time,
            RandomGenerator.SplittableGenerator random,
            Supplier<Wakeup> wakeups,
            FrontLanes lanes,
            Wakeup eventWakeup,
            CallerWait callerWait,
            Loading loading,
            MemoryGovernor governor,
            Failures failures,
            List<EngineFactory> engines,
            int cores,
            long spinNanos) {
        this(
                disk,
                settings,
                time,
                random,
                wakeups,
                lanes,
                eventWakeup,
                callerWait,
                loading,
                governor,
                failures,
                engines,
                cores,
                spinNanos,
                new RecoveryProgress());
    }
}
