package io.nodedb.document.rules;

import io.nodedb.base.clock.TimeSource;
import java.util.SplittableRandom;

/** A wall clock that a test sets. */
public final class FixedTime implements TimeSource {
    public long millis = 1_000;

    /** Ids that are the same in every run. */
    public static UuidSource ids() {
        return new UuidSource(new FixedTime(), new SplittableRandom(7));
    }

    @Override
    public long nanoTime() {
        return millis * 1_000_000;
    }

    @Override
    public long epochMillis() {
        return millis;
    }
}
