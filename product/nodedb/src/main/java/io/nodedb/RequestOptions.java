package io.nodedb;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.CallOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What may be said about requests beside what they do. Immutable; each method returns a copy.
 *
 * @see KeyValue#with
 */
@Immutable
public final class RequestOptions {
    /**
     * The deadline of {@code request_deadline} (30 s), the collection's durability, no idempotency
     * key.
     */
    public static final RequestOptions DEFAULTS = new RequestOptions(CallOptions.DEFAULT, false);

    private final CallOptions internal;
    private final boolean ownDeadline;

    private RequestOptions(CallOptions internal, boolean ownDeadline) {
        this.internal = internal;
        this.ownDeadline = ownDeadline;
    }

    /** Each request is answered within this time, if need be with {@code DEADLINE_EXCEEDED}. */
    public RequestOptions deadline(Duration timeout) {
        return new RequestOptions(internal.withTimeoutNanos(timeout.toNanos()), true);
    }

    /** What acknowledged writes survive, whatever the collection says. */
    public RequestOptions durability(Durability durability) {
        return new RequestOptions(internal.withDurability(durability.internal()), ownDeadline);
    }

    /**
     * Names one write, so that sending it again after a lost answer does not make it twice: a
     * repeated key returns the first result, for 24 hours and across restarts. The same key with
     * another write is refused.
     */
    public RequestOptions idempotencyKey(byte[] key) {
        return new RequestOptions(internal.withIdempotencyKey(key), ownDeadline);
    }

    /** As {@link #idempotencyKey(byte[])}, in UTF-8. */
    public RequestOptions idempotencyKey(String key) {
        return idempotencyKey(key.getBytes(StandardCharsets.UTF_8));
    }

    /** As calls are made; {@code defaults} give the deadline if this does not. */
    CallOptions over(CallOptions defaults) {
        return ownDeadline ? internal : internal.withTimeoutNanos(defaults.timeoutNanos());
    }
}
