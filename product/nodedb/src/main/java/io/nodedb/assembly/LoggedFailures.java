package io.nodedb.assembly;

import io.nodedb.base.ownership.Shared;
import io.nodedb.data.failure.Failures;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** Writes failures to the log, each under an id that its client is told. */
@Shared("atomic counter; the logger is thread-safe")
public final class LoggedFailures implements Failures {
    private static final Logger LOG = System.getLogger("io.nodedb.failures");

    private final String prefix;
    private final AtomicLong counter = new AtomicLong();

    /** {@code seed} makes the ids of different starts different. */
    public LoggedFailures(long seed) {
        prefix = Long.toHexString(seed & 0xFFFF_FFFFL);
    }

    @Override
    public String report(String place, String what, Throwable failure) {
        String id = prefix + "-" + counter.incrementAndGet();
        LOG.log(
                Level.ERROR,
                "Unexpected failure: id=" + id + " place=" + place + " what=" + what,
                failure);
        return id;
    }

    @Override
    public void warning(String message) {
        LOG.log(Level.WARNING, message);
    }

    @Override
    public void notice(boolean error, String message) {
        LOG.log(error ? Level.ERROR : Level.INFO, message);
    }
}
