package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.failure.Failures;
import io.nodedb.data.failure.PoisonRegistry;
import io.nodedb.data.failure.Watchdog;
import io.nodedb.plan.Call;
import java.util.concurrent.TimeUnit;

/**
 * What the core makes of unexpected failures: reports them, counts them for the watchdog, remembers
 * the requests that caused them, degrades the core and lets it recover.
 */
@CoreOwned
final class CoreHealth {
    private final int core;
    private final TimeSource time;
    private final Failures failures;
    private final CoreStatistics statistics;
    private final Watchdog watchdog;
    private final PoisonRegistry poison;

    CoreHealth(
            int core,
            TimeSource time,
            CoreSettings settings,
            Failures failures,
            CoreStatistics statistics) {
        this.statistics = statistics;
        this.core = core;
        this.time = time;
        this.failures = failures;
        watchdog =
                new Watchdog(
                        settings.watchdogFailures(),
                        settings.watchdogWindow(),
                        settings.degradedTime());
        poison =
                new PoisonRegistry(
                        settings.fingerprints(),
                        settings.poisonFailures(),
                        settings.refusalTime(),
                        settings.watchdogWindow());
    }

    Watchdog watchdog() {
        return watchdog;
    }

    boolean degraded() {
        return watchdog.degraded();
    }

    /** A request was completed, with a result or with an error result. */
    void completed() {
        watchdog.completed();
    }

    /** Ends the degraded state when its time is over. */
    void recover(long nowNanos) {
        if (watchdog.recover(nowNanos)) {
            statistics.setTrouble(null);
            failures.notice(false, "core-" + core + " has recovered and serves again");
        }
    }

    /** A request was refused without being tried. */
    void refused() {
        statistics.refusals.increment();
    }

    /** It was refused because it had failed before. */
    void refusedAgain() {
        statistics.poisonRefusals.increment();
    }

    /** Milliseconds for which this very request is refused, because it failed before; else 0. */
    long refusedMillis(Request<Call> request, long nowNanos) {
        if (!poison.refusesAny(nowNanos)) {
            return 0;
        }
        Call call = request.payload;
        return poison.refusedMillis(
                request.tenant, call.collection(), call.operation(), valuesHash(call), nowNanos);
    }

    /** A request failed unexpectedly. @return the id that stands in the log */
    String requestFailed(Request<Call> request, Throwable failure) {
        statistics.failures.increment();
        Call call = request.payload;
        String id = failures.report("request", describe(call), failure);
        long now = time.nanoTime();
        boolean counts =
                poison.failed(
                        request.tenant, call.collection(), call.operation(), valuesHash(call), now);
        if (counts || failure instanceof OutOfMemoryError) {
            count(now, failure);
        }
        return id;
    }

    /** The world around refused what a background job wanted: no panic, so it does not count. */
    void reported(String place, String what, Throwable failure) {
        failures.report(place, what, failure);
    }

    /** Something else than a request failed unexpectedly. */
    void failed(String place, String what, Throwable failure) {
        statistics.failures.increment();
        failures.report(place, what, failure);
        count(time.nanoTime(), failure);
    }

    private void count(long nowNanos, Throwable failure) {
        int counted = watchdog.failures() + 1;
        boolean degraded =
                exhaustsHeap(failure) ? watchdog.degradeNow(nowNanos) : watchdog.failed(nowNanos);
        if (degraded) {
            String sentence = "core-" + core + " is degraded after repeated panics";
            statistics.degradations.increment();
            statistics.setTrouble(sentence);
            failures.notice(
                    true,
                    sentence
                            + ": count="
                            + counted
                            + " threshold="
                            + watchdog.threshold()
                            + " windowMillis="
                            + TimeUnit.NANOSECONDS.toMillis(watchdog.windowNanos())
                            + " last="
                            + failure);
        }
    }

    /** Background work wraps what it met, to name the job. */
    private static boolean exhaustsHeap(Throwable failure) {
        return failure instanceof OutOfMemoryError
                || failure.getCause() instanceof OutOfMemoryError;
    }

    /** A call that fails even at describing itself must not take the answer with it. */
    private static String describe(Call call) {
        try {
            return call.toString();
        } catch (Throwable failure) {
            return call.getClass().getName();
        }
    }

    private static long valuesHash(Call call) {
        try {
            return call.valuesHash();
        } catch (Throwable failure) {
            return 0;
        }
    }
}
