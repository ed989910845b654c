package io.nodedb.event;

import io.nodedb.base.ownership.EventPlane;
import io.nodedb.bridge.wake.Doorbell;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;

/**
 * The hub's thread: steps it while there is work and sleeps behind the doorbell that the cores'
 * rings ring. One virtual thread (over a parking wake-up) is enough.
 *
 * <p>A throwable out of the hub is a bug: it is logged, and from then on the feeds read the log
 * alone, which is slower and loses nothing; the cores notice nothing but full rings.
 */
@EventPlane
public final class EventHubLoop implements Runnable {
    /** Sleep while commits wait for a sync, which rings no bell here. */
    private static final long PENDING_SLEEP_NANOS = 5_000_000L;

    private static final long IDLE_SLEEP_NANOS = 100_000_000L;
    private static final Logger LOG = System.getLogger(EventHubLoop.class.getName());

    private final EventHub hub;
    private final Doorbell bell;
    private volatile boolean stopped;

    /** {@code bell}: its {@code ring} is what the rings were given to wake their reader. */
    public EventHubLoop(EventHub hub, Doorbell bell) {
        this.hub = hub;
        this.bell = bell;
    }

    @Override
    public void run() {
        BooleanSupplier hasWork = () -> stopped || hub.hasWork();
        try {
            while (!stopped) {
                if (!hub.step()) {
                    bell.await(hasWork, hub.hasPending() ? PENDING_SLEEP_NANOS : IDLE_SLEEP_NANOS);
                }
            }
        } catch (Throwable bug) {
            hub.giveUp();
            LOG.log(Level.ERROR, "The event hub failed; feeds read the log from now on", bug);
        }
    }

    /** Any thread: lets {@link #run} return soon. */
    public void stop() {
        stopped = true;
        bell.ring();
    }
}
