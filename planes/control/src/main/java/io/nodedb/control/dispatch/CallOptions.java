package io.nodedb.control.dispatch;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.bridge.lane.WriteSource;
import io.nodedb.control.catalog.CommitDurability;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say about one call beside what it does. Reused for many calls, except that an
 * idempotency key stands for one write.
 *
 * @param timeoutNanos the call's deadline, from now
 * @param idempotencyKey a repeated key returns the first result; null for none
 * @param source a constant of {@link WriteSource}
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // never written after construction
public record CallOptions(
        long timeoutNanos,
        CommitDurability durability,
        byte @Nullable [] idempotencyKey,
        byte source,
        byte priority,
        int tenant) {
    /** Longest idempotency key. */
    public static final int MAX_IDEMPOTENCY_KEY_BYTES = 255;

    /** 30 s, durability as the collection says. */
    public static final CallOptions DEFAULT =
            new CallOptions(
                    TimeUnit.SECONDS.toNanos(30),
                    CommitDurability.DEFAULT,
                    null,
                    WriteSource.CLIENT,
                    Priority.NORMAL,
                    0);

    public CallOptions {
        if (timeoutNanos <= 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A deadline lies in the future: timeoutNanos=" + timeoutNanos);
        }
        if (idempotencyKey != null
                && (idempotencyKey.length == 0
                        || idempotencyKey.length > MAX_IDEMPOTENCY_KEY_BYTES)) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "An idempotency key has 1 to "
                            + MAX_IDEMPOTENCY_KEY_BYTES
                            + " bytes: bytes="
                            + idempotencyKey.length);
        }
    }

    public CallOptions withTimeoutNanos(long nanos) {
        return new CallOptions(nanos, durability, idempotencyKey, source, priority, tenant);
    }

    public CallOptions withDurability(CommitDurability choice) {
        return new CallOptions(timeoutNanos, choice, idempotencyKey, source, priority, tenant);
    }

    public CallOptions withIdempotencyKey(byte @Nullable [] key) {
        return new CallOptions(
                timeoutNanos,
                durability,
                key == null ? null : key.clone(),
                source,
                priority,
                tenant);
    }

    public CallOptions withSource(byte writeSource) {
        return new CallOptions(
                timeoutNanos, durability, idempotencyKey, writeSource, priority, tenant);
    }
}
