package io.nodedb.server.lane;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Future;
import io.nodedb.assembly.FrontLane;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.data.core.CoreCompanion;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.plan.Call;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane's duty. A step reads what sockets have, hands requests to the cores with one wake-up for
 * all, takes the cores' answers, and flushes each client's replies once.
 *
 * <p>Belongs to one thread, which {@link #begin} names: the lane's own, or a core's.
 */
@ControlPlane
public final class LaneLoop implements CoreCompanion {
    /** Most answers in a step, so that sockets get their turn. */
    private static final int ANSWERS_PER_STEP = 1024;

    /** The tracker's clock ticks at least so often. */
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long END_SECONDS = 5;

    private static final Logger LOG = System.getLogger(LaneLoop.class.getName());

    private final int number;
    private final ManualIoEventLoop sockets;
    private final LoopWakeup wakeup;
    private final @Nullable SharedReadBuffer reads;
    private final TimeSource time;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable FrontLane front;
    private volatile @Nullable LaneService service;
    private @Nullable BooleanSupplier hasWork;
    private long turnNanos;
    private boolean timeKnown;

    LaneLoop(int number, Transport transport, TimeSource time) {
        this.number = number;
        this.time = time;
        sockets = new ManualIoEventLoop((Thread) null, transport.handlers());
        reads = transport.readsWhenTold() ? new SharedReadBuffer() : null;
        wakeup = new LoopWakeup(sockets, transport.label(), this::timePasses);
    }

    /** Where the thread sleeps. */
    Wakeup wakeup() {
        return wakeup;
    }

    /** Where this lane's channels live. */
    public IoEventLoop sockets() {
        return sockets;
    }

    /** Before a channel of this lane reads: where to. */
    public void readInto(Channel channel) {
        SharedReadBuffer shared = reads;
        if (shared != null) {
            channel.config().setRecvByteBufAllocator(shared);
        }
    }

    public int number() {
        return number;
    }

    /**
     * When what this thread does now began: reading sockets, be it in a step or on waking, or
     * taking answers. One look at the clock for all commands of a turn, of which there may be
     * hundreds.
     */
    public long turnNanos() {
        if (!timeKnown) {
            turnNanos = time.nanoTime();
            timeKnown = true;
        }
        return turnNanos;
    }

    /** The next who asks looks at the clock. */
    private void timePasses() {
        timeKnown = false;
    }

    /** Before the thread runs: its way to the cores. */
    void attach(FrontLane lane) {
        front = lane;
        hasWork = this::hasWork;
    }

    /** Before clients come: what they speak. Any thread. */
    public void serve(LaneService clients) {
        service = clients;
    }

    /** The way to the cores; this thread's. */
    public FrontLane front() {
        FrontLane attached = front;
        if (attached == null) {
            throw new IllegalStateException("the lane has no database yet");
        }
        return attached;
    }

    @Override
    public void begin() {
        sockets.setOwningThread(Thread.currentThread());
    }

    @Override
    @SuppressWarnings("CatchThrowable") // the edge of every client's session
    public boolean step() {
        try {
            Lane<Call> lane = front().lane();
            LaneService clients = service;
            timePasses();
            boolean worked = sockets.runNow() > 0;
            if (clients == null) {
                return worked;
            }
            lane.flush();
            timePasses();
            worked |= lane.poll(clients, ANSWERS_PER_STEP) > 0;
            worked |= lane.expire(turnNanos(), clients) > 0;
            worked |= clients.turnEnds();
            lane.flush();
            return worked;
        } catch (Throwable failure) {
            LOG.log(Level.ERROR, "A step of lane-" + number + " failed", failure);
            return true;
        }
    }

    @Override
    public boolean hasWork() {
        LaneService clients = service;
        return front().lane().hasResponses() || (clients != null && clients.hasWork());
    }

    @Override
    public long idleNanos() {
        return LONGEST_SLEEP_NANOS;
    }

    @Override
    public boolean arm() {
        BooleanSupplier responses = hasWork;
        return responses != null && front().lane().doorbell().arm(responses);
    }

    @Override
    public void disarm() {
        front().lane().doorbell().disarm();
    }

    /** The lane's own thread: sleeps until there is something. */
    void sleep() {
        BooleanSupplier responses = hasWork;
        if (responses != null) {
            boolean ignored = front().lane().doorbell().await(responses, LONGEST_SLEEP_NANOS);
        }
    }

    /** Closes the loop with all its channels. */
    @Override
    public void end() {
        Future<?> ended = sockets.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
        while (!ended.isDone()) {
            int ignored = sockets.runNow();
        }
        SharedReadBuffer shared = reads;
        if (shared != null) {
            shared.close();
        }
        closed.countDown();
    }

    /** Any thread. */
    void awaitEnd(long millis) throws InterruptedException {
        boolean ignored = closed.await(millis, TimeUnit.MILLISECONDS);
    }
}
