package io.nodedb.bridge.lane;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.bridge.wake.Doorbell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meeting point of one lane and one core: a ring of requests there, a ring of answers and
 * chunks back, a ring that returns empty chunks. Each method belongs to the lane's thread or to the
 * core's, as marked.
 *
 * <p>Every request object has a slot in the response ring and every chunk too, so pushing never
 * fails. Fill is the number of requests that are not free (until their last response is taken and
 * recycled) out of all.
 *
 * @param <P> payload of the requests
 */
@Shared("rings between the lane and the core; fields grouped by owner")
public final class LanePort<P> extends PortLayout.Padded {
    /** A request's id: 11 bits of the lane, 8 of the core, 44 that count (half a year at 1 M/s). */
    private static final int LANE_SHIFT = 52;

    private static final int CORE_SHIFT = 44;
    private static final long COUNT_MASK = (1L << CORE_SHIFT) - 1;

    /** The lane's plain fields, for who only looks; the rings make their stores visible soon. */
    private static final VarHandle OUTSTANDING;

    private static final VarHandle STOPPED;

    private static final VarHandle RESUMED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OUTSTANDING =
                    lookup.findVarHandle(PortLayout.LaneFields.class, "outstanding", int.class);
            STOPPED = lookup.findVarHandle(PortLayout.LaneFields.class, "stopped", boolean.class);
            RESUMED = lookup.findVarHandle(PortLayout.LaneFields.class, "resumed", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int lane;
    private final int core;
    private final LaneOptions options;
    private final Supplier<? extends P> payloads;
    private final Doorbell coreDoorbell;
    private final Doorbell laneDoorbell;
    private final RequestTracker<P> tracker;

    private final SpscRing<Request<P>> requests;
    private final SpscRing<LaneMessage> responses;
    private final SpscRing<Chunk> returnedChunks;

    // The lane's.
    private final @Nullable Request<P>[] free;
    private final TenantShares shares;
    private final int slowAt;
    private final int stopAt;
    private RefusalReason lastRefusal = RefusalReason.PORT_FULL;

    // The core's.
    private final @Nullable Chunk[] freeChunkStack;

    /** Made by {@link Lane}. {@code payloads} is asked once for every request object. */
    LanePort(
            int lane,
            int core,
            LaneOptions options,
            Supplier<? extends P> payloads,
            Doorbell coreDoorbell,
            Doorbell laneDoorbell,
            RequestTracker<P> tracker) {
        this.lane = lane;
        this.core = core;
        this.options = options;
        this.payloads = payloads;
        this.coreDoorbell = coreDoorbell;
        this.laneDoorbell = laneDoorbell;
        this.tracker = tracker;
        requests = new SpscRing<>(options.requests());
        responses = new SpscRing<>(powerOfTwoAtLeast(options.requests() + options.chunks()));
        returnedChunks = new SpscRing<>(powerOfTwoAtLeast(options.chunks()));
        free = newTable(options.requests());
        shares = new TenantShares(options.requests(), options.tenantLimit());
        slowAt = options.slowAt();
        stopAt = options.stopAt();
        freeChunkStack = new Chunk[options.chunks()];
        for (int i = 0; i < freeChunkStack.length; i++) {
            freeChunkStack[i] = new Chunk(this);
        }
        freeChunks = freeChunkStack.length;
    }

    /** Number of the lane, in request ids too. */
    public int lane() {
        return lane;
    }

    /** Number of the core. */
    public int core() {
        return core;
    }

    // ---- the lane's side

    /**
     * Lane. A request to fill and submit (or recycle), or null, then {@link #lastRefusal} says why:
     * all are outstanding, or the tenant holds its share. A port that has only ever seen one tenant
     * gives it everything; once it has seen a second, nobody may hold more than {@link
     * LaneOptions#tenantSharePercent}.
     */
    public @Nullable Request<P> acquire(int tenant) {
        if (!shares.admits(tenant, outstanding)) {
            lastRefusal = RefusalReason.TENANT_SHARE;
            return null;
        }
        if (outstanding == options.requests()) {
            lastRefusal = RefusalReason.PORT_FULL;
            return null;
        }
        shares.take(tenant);
        outstanding++;
        if (outstanding >= stopAt) {
            stopped = true;
        }
        Request<P> request = freeRequests > 0 ? popFree() : make();
        request.place = Request.Place.HELD;
        request.tenant = tenant;
        nextId++;
        request.id =
                ((long) lane << LANE_SHIFT) | ((long) core << CORE_SHIFT) | (nextId & COUNT_MASK);
        return request;
    }

    private Request<P> popFree() {
        Request<P> request = free[--freeRequests];
        if (request == null) {
            throw new IllegalStateException("the stack of free requests has a hole");
        }
        free[freeRequests] = null;
        return request;
    }

    /** Objects are made when they are first needed: the port's memory follows the peak. */
    private Request<P> make() {
        madeRequests++;
        Check.that(madeRequests <= options.requests(), "a port's requests", madeRequests);
        return new Request<>(this, payloads.get());
    }

    /** Why the last {@link #acquire} gave null. Lane. */
    public RefusalReason lastRefusal() {
        return lastRefusal;
    }

    /** Lane. Hands the request to the core, without waking it: {@link #flush} does that. */
    public void submit(Request<P> request) {
        Check.that(
                request.port == this && request.place == Request.Place.HELD,
                "a request is submitted once, to the port that gave it");
        request.place = Request.Place.IN_FLIGHT;
        tracker.track(request);
        untold++;
        Check.that(requests.offer(request), "a request has its slot");
    }

    /**
     * Lane. Wakes the core, once, when anything was submitted or given back since the last time.
     */
    public void flush() {
        if (claimFlush()) {
            ringCore();
        }
    }

    /** Lane. True when the core is to be told; then the caller must do it, once. */
    boolean claimFlush() {
        boolean any = untold > 0;
        untold = 0;
        return any;
    }

    /** Any thread. */
    void ringCore() {
        coreDoorbell.ring();
    }

    /** Lane. Handles up to {@code limit} responses and returns how many those were. */
    @SuppressWarnings("unchecked") // the core answers what the lane submitted
    public int poll(ResponseHandler<P> handler, int limit) {
        int handled = 0;
        while (handled < limit) {
            switch (takeResponse()) {
                case null -> {
                    return handled;
                }
                case Request<?> request -> handler.onFinal((Request<P>) request);
                case Chunk chunk -> handler.onPartial(chunk);
            }
            handled++;
        }
        return handled;
    }

    /** Lane. The next response that somebody waits for. */
    @SuppressWarnings("unchecked") // as above
    @Nullable LaneMessage takeResponse() {
        while (true) {
            LaneMessage message = responses.poll();
            switch (message) {
                case null -> {
                    return null;
                }
                case Request<?> answered -> {
                    Request<P> request = (Request<P>) answered;
                    tracker.answered(request);
                    request.place = Request.Place.HELD;
                    if (!request.dropAnswer) {
                        return request;
                    }
                    recycle(request);
                }
                case Chunk chunk -> {
                    if (!chunk.request().dropAnswer) {
                        return chunk;
                    }
                    giveBack(chunk);
                }
            }
        }
    }

    /** Lane. Something came back. */
    public boolean hasResponses() {
        return !responses.isEmpty();
    }

    /**
     * Lane. The sender has gone away: its answer will be dropped and its request recycled when it
     * comes. False when the write had passed the WAL ring.
     */
    public boolean abandon(Request<P> request) {
        Check.that(
                request.place == Request.Place.IN_FLIGHT && !request.dropAnswer,
                "a request in flight is abandoned once");
        request.attachment = null;
        return tracker.giveUp(request);
    }

    /** Lane. Gives a request back after its final answer, or without having submitted it. */
    public void recycle(Request<P> request) {
        Check.that(
                request.port == this && request.place == Request.Place.HELD,
                "a request is recycled once, to the port that gave it");
        request.place = Request.Place.FREE;
        shares.giveBack(request.tenant);
        outstanding--;
        if (outstanding < slowAt) {
            stopped = false;
        }
        request.reset();
        free[freeRequests++] = request;
    }

    /** Lane. Gives an emptied chunk back; the core learns of it at the next {@link #flush}. */
    public void giveBack(Chunk chunk) {
        Check.that(chunk.port == this, "a chunk goes back to its port");
        untold++;
        Check.that(returnedChunks.offer(chunk), "a chunk has its slot on the way back");
    }

    /**
     * Lane. Wants no more chunks of a request's answer until {@link #resume}; those on their way
     * still come, at most {@link LaneOptions#chunksPerRequest}. So the lane can give chunks back at
     * once, for others' answers, although nobody can take more of this one.
     */
    public void pause(Request<P> request) {
        Check.that(
                request.port == this && request.place == Request.Place.IN_FLIGHT,
                "an answer that is under way is paused");
        request.paused = true;
    }

    /** Lane. Ends a {@link #pause}; the core learns of it at the next {@link #flush}. */
    public void resume(Request<P> request) {
        if (request.paused) {
            request.paused = false;
            RESUMED.setRelease(this, resumed + 1);
            untold++;
        }
    }

    /** Lane. Requests that are not free. */
    public int outstanding() {
        return outstanding;
    }

    /** Lane. What the fill asks of the lane. */
    public BackPressure pressure() {
        if (stopped) {
            return BackPressure.STOP;
        }
        return outstanding >= slowAt ? BackPressure.SLOW : BackPressure.NONE;
    }

    // ---- anybody's, for metrics

    /** How many requests a port has. Any thread. */
    public int capacity() {
        return options.requests();
    }

    /** From so many requests that are not free on, the lane is asked to slow down. Any thread. */
    public int slowAt() {
        return slowAt;
    }

    /** Requests that are not free, as of a moment ago. Any thread. */
    public int observedOutstanding() {
        return (int) OUTSTANDING.getOpaque(this);
    }

    /** Does the lane have to stop reading, as of a moment ago? Any thread. */
    public boolean observedStopped() {
        return (boolean) STOPPED.getOpaque(this);
    }

    /** Requests that the core has not taken yet. Any thread. */
    public int requestsWaiting() {
        return requests.size();
    }

    /** Answers and parts of answers that the lane has not taken yet. Any thread. */
    public int responsesWaiting() {
        return responses.size();
    }

    // ---- the core's side

    /** Core. The oldest request, or null. */
    public @Nullable Request<P> take() {
        Request<P> request = requests.poll();
        if (request != null) {
            request.taken = true;
        }
        return request;
    }

    /** Core. A request waits. */
    public boolean hasRequests() {
        return !requests.isEmpty();
    }

    /**
     * Core. Something waits: a request, or new credit for a task that lacks it: a returned chunk or
     * a resumed answer, since the last {@link #takeCredit}.
     */
    public boolean hasWork() {
        return !requests.isEmpty()
                || !returnedChunks.isEmpty()
                || (int) RESUMED.getAcquire(this) != resumedSeen;
    }

    /** Core. Takes returned chunks, and notes that answers were resumed: tasks are tried next. */
    public void takeCredit() {
        resumedSeen = (int) RESUMED.getAcquire(this);
        collectChunks();
    }

    /**
     * Core. An empty chunk for a part of the request's answer, or null when there is no credit: the
     * port's chunks are all on their way, or the request has its share of them there or is paused.
     * The lane rings when it has given some back or resumes the answer.
     */
    public @Nullable Chunk takeFreeChunk(Request<P> request) {
        Check.that(request.taken, "an answer is given by who took the request");
        collectChunks();
        if (freeChunks == 0 || request.chunksOut == options.chunksPerRequest() || request.paused) {
            return null;
        }
        Chunk chunk = freeChunkStack[--freeChunks];
        if (chunk == null) {
            throw new IllegalStateException("the stack of free chunks has a hole");
        }
        request.chunksOut++;
        chunk.assign(request, options.chunkBytes());
        return chunk;
    }

    private void collectChunks() {
        for (Chunk chunk = returnedChunks.poll(); chunk != null; chunk = returnedChunks.poll()) {
            putBack(chunk);
        }
    }

    private void putBack(Chunk chunk) {
        chunk.request().chunksOut--;
        chunk.free();
        freeChunkStack[freeChunks++] = chunk;
    }

    /** Core. Gives a chunk back that turned out not to be needed. */
    public void discard(Chunk chunk) {
        Check.that(chunk.port == this, "a chunk goes back to its port");
        putBack(chunk);
    }

    /** Core. Sends a part of an answer, without waking the lane. */
    public void pushPartial(Chunk chunk) {
        Check.that(chunk.port == this, "a chunk travels in its port");
        chunk.sequence = chunk.request().chunksSent++;
        unflushed++;
        Check.that(responses.offer(chunk), "a chunk has its slot");
    }

    /** Core. Sends the final answer, without waking the lane; the core forgets the request. */
    public void answer(Request<P> request) {
        Check.that(
                request.port == this && request.taken, "a request is answered once, on its port");
        request.taken = false;
        request.next = null;
        unflushed++;
        Check.that(responses.offer(request), "an answer has its slot");
    }

    /** Core. Wakes the lane, once, when anything was sent since the last time. */
    public void flushAnswers() {
        if (unflushed > 0) {
            unflushed = 0;
            laneDoorbell.ring();
        }
    }

    private static int powerOfTwoAtLeast(int size) {
        return size <= 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static <P> @Nullable Request<P>[] newTable(int size) {
        return new Request[size];
    }
}
