package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import java.time.Duration;
import java.time.Instant;

/** When a put takes effect and how long the value lives. Immutable; each method returns a copy. */
@Immutable
public final class PutOptions {
    /** Always, without expiry. */
    public static final PutOptions DEFAULTS = new PutOptions(KvCondition.ALWAYS, 0, 0);

    /** Only when the key is absent. */
    public static final PutOptions IF_ABSENT = new PutOptions(KvCondition.IF_ABSENT, 0, 0);

    /** Only when the key is present. */
    public static final PutOptions IF_PRESENT = new PutOptions(KvCondition.IF_PRESENT, 0, 0);

    private final KvCondition condition;
    private final long expireAtMillis;
    private final long ttlMillis;

    private PutOptions(KvCondition condition, long expireAtMillis, long ttlMillis) {
        this.condition = condition;
        this.expireAtMillis = expireAtMillis;
        this.ttlMillis = ttlMillis;
    }

    /** The value expires after this time, counted from the request, in milliseconds. */
    public PutOptions ttl(Duration life) {
        return new PutOptions(condition, 0, positiveMillis(life));
    }

    /** The value expires at this time. */
    public PutOptions expireAt(Instant instant) {
        long millis = instant.toEpochMilli();
        if (millis <= 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT, "An expiry lies after 1970: expireAt=" + instant);
        }
        return new PutOptions(condition, millis, 0);
    }

    /** The expiry stays as it is; a new key has none. */
    public PutOptions keepExpiry() {
        return new PutOptions(condition, KvCall.KEEP_EXPIRY, 0);
    }

    KvCondition condition() {
        return condition;
    }

    long expireAtMillis(long nowMillis) {
        return ttlMillis > 0 ? later(nowMillis, ttlMillis) : expireAtMillis;
    }

    static long positiveMillis(Duration life) {
        long millis;
        try {
            millis = life.toMillis();
        } catch (ArithmeticException e) {
            millis = Long.MAX_VALUE;
        }
        if (millis <= 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT, "A life lasts 1 ms or more: ttl=" + life);
        }
        return millis;
    }

    static long later(long nowMillis, long lifeMillis) {
        long at = nowMillis + lifeMillis;
        return at < 0 ? Long.MAX_VALUE : at;
    }
}
