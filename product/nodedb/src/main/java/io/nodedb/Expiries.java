package io.nodedb;

import java.time.Duration;
import java.util.Optional;

/** Turns epoch milliseconds of expiries into remaining lives. */
final class Expiries {
    private Expiries() {}

    /** Nothing for a key that is absent or does not expire. */
    static Optional<Duration> remaining(long expireAtMillis, long nowMillis) {
        return expireAtMillis <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.max(0, expireAtMillis - nowMillis)));
    }
}
