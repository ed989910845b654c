package io.nodedb.bridge.lane;

import io.nodedb.base.ownership.Shared;
import org.jspecify.annotations.Nullable;

/**
 * A part of a large result. Owned by the core from {@link LanePort#takeFreeChunk} to {@link
 * LanePort#pushPartial}, then by the lane until {@link LanePort#giveBack}; the chunks that are back
 * are the core's credit.
 */
@Shared("ownership moves through the port's rings")
public final class Chunk implements LaneMessage {
    private static final byte[] NONE = {};

    /** Made when the chunk is first used. */
    public byte[] bytes = NONE;

    /** How many bytes are filled. */
    public int length;

    /** Counts the chunks of one answer, from 0; set by the core. */
    public int sequence;

    final LanePort<?> port;

    private @Nullable Request<?> request;

    Chunk(LanePort<?> port) {
        this.port = port;
    }

    /** The request that this is a part of the answer to; while the core or the lane holds it. */
    public Request<?> request() {
        Request<?> of = request;
        if (of == null) {
            throw new IllegalStateException("a free chunk belongs to no request");
        }
        return of;
    }

    void assign(Request<?> to, int bytesPerChunk) {
        if (bytes == NONE) {
            bytes = new byte[bytesPerChunk];
        }
        request = to;
        length = 0;
        sequence = 0;
    }

    void free() {
        request = null;
    }
}
