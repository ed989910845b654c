package io.nodedb.server.lane;

import io.netty.channel.ManualIoEventLoop;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.wake.Wakeup;

/**
 * The sleeping place of a lane's thread: it sleeps where its sockets are waited for, so that a
 * readable socket, a core's answer and a timer wake it alike. What has become readable is handled
 * before {@link #await} returns.
 */
@Shared("the event loop's own wake-up")
final class LoopWakeup implements Wakeup {
    private final ManualIoEventLoop loop;
    private final String mechanism;
    private final Runnable beforeSleep;

    /**
     * @param beforeSleep run by the sleeper's own thread
     */
    LoopWakeup(ManualIoEventLoop loop, String mechanism, Runnable beforeSleep) {
        this.loop = loop;
        this.mechanism = mechanism;
        this.beforeSleep = beforeSleep;
    }

    @Override
    public void signal() {
        loop.wakeup();
    }

    @Override
    public boolean await(long timeoutNanos) {
        beforeSleep.run();
        return timeoutNanos <= 0 ? loop.runNow() > 0 : loop.run(timeoutNanos) > 0;
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    /** The loop is closed by its thread. */
    @Override
    public void close() {}
}
