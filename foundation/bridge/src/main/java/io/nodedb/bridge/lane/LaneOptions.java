package io.nodedb.bridge.lane;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import java.util.concurrent.TimeUnit;

/**
 * Sizes and marks of a lane's ports.
 *
 * @param requests slots of one port, a power of two
 * @param chunks chunks of one port for partial answers
 * @param chunkBytes size of one chunk
 * @param chunksPerRequest most chunks of one request on their way
 * @param tenantSharePercent the part of a port's slots that one tenant may hold once a port has
 *     seen several, see {@link LanePort#acquire}
 * @param slowPercent fill at which the lane is asked to read less
 * @param stopPercent fill at which the lane is asked to stop reading, until it falls below {@code
 *     slowPercent}
 * @param leaseNanos how long a request without a deadline may go without a sign of life
 * @param graceNanos how long after the deadline or the lease the core may still answer by itself
 */
@Immutable
public record LaneOptions(
        int requests,
        int chunks,
        int chunkBytes,
        int chunksPerRequest,
        int tenantSharePercent,
        int slowPercent,
        int stopPercent,
        long leaseNanos,
        long graceNanos) {
    /** A request, its call, and the smallest buffers of both. */
    private static final int REQUEST_BYTES = 512;

    /** The defaults. */
    public static final LaneOptions DEFAULTS =
            new LaneOptions(
                    4096,
                    32,
                    64 * 1024,
                    4,
                    50,
                    85,
                    95,
                    TimeUnit.SECONDS.toNanos(30),
                    TimeUnit.SECONDS.toNanos(1));

    private static final int MAX_REQUESTS = 1 << 20;
    private static final int MAX_CHUNKS = 1 << 16;
    private static final int PERCENT = 100;

    /** Checks that the numbers fit each other. */
    public LaneOptions {
        Check.that(
                requests > 0 && requests <= MAX_REQUESTS && Integer.bitCount(requests) == 1,
                "slots of a port are a power of two",
                requests);
        Check.that(chunks > 0 && chunks <= MAX_CHUNKS, "chunks of a port", chunks);
        Check.that(chunkBytes > 0, "size of a chunk", chunkBytes);
        Check.that(chunksPerRequest > 0, "chunks per request", chunksPerRequest);
        Check.that(
                tenantSharePercent > 0 && tenantSharePercent <= PERCENT,
                "a tenant's share in percent",
                tenantSharePercent);
        Check.that(
                slowPercent > 0 && slowPercent <= stopPercent && stopPercent <= PERCENT,
                "the slow mark is not above the stop mark",
                stopPercent,
                slowPercent);
        Check.that(leaseNanos > 0, "lease in nanoseconds", leaseNanos);
        Check.that(graceNanos >= 0, "grace in nanoseconds", graceNanos);
    }

    /** These options with another number of slots. */
    public LaneOptions withRequests(int slots) {
        return new LaneOptions(
                slots,
                chunks,
                chunkBytes,
                chunksPerRequest,
                tenantSharePercent,
                slowPercent,
                stopPercent,
                leaseNanos,
                graceNanos);
    }

    /** These options with other chunks. */
    public LaneOptions withChunks(int count, int bytes, int perRequest) {
        return new LaneOptions(
                requests,
                count,
                bytes,
                perRequest,
                tenantSharePercent,
                slowPercent,
                stopPercent,
                leaseNanos,
                graceNanos);
    }

    /**
     * Bytes of one port: its chunks, and its requests with their calls as long as keys and values
     * are small.
     */
    public long portBytes() {
        return (long) requests * REQUEST_BYTES + (long) chunks * chunkBytes;
    }

    int slowAt() {
        return mark(slowPercent);
    }

    int stopAt() {
        return mark(stopPercent);
    }

    int tenantLimit() {
        return Math.max(1, requests * tenantSharePercent / PERCENT);
    }

    /** The smallest number of slots that is at least this part of them. */
    private int mark(int percent) {
        return (requests * percent + PERCENT - 1) / PERCENT;
    }
}
