package io.nodedb.simulator;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.data.failure.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the failures that the database reports. Those whose cause is the disk are expected while
 * the simulation injects faults; every other one fails the run.
 */
final class RecordedFailures implements Failures {
    private final List<AssertionError> unexpected = new ArrayList<>();
    private boolean expectDiskFaults;
    private int reports;

    /** From now on failures of the disk are what the simulation wants. */
    void expectDiskFaults() {
        expectDiskFaults = true;
    }

    boolean expectsDiskFaults() {
        return expectDiskFaults;
    }

    @Override
    public String report(String place, String what, Throwable failure) {
        if (!expectDiskFaults || !isDiskFault(failure)) {
            unexpected.add(new AssertionError("place=" + place + " what=" + what, failure));
        }
        return "failure-" + ++reports;
    }

    @Override
    public void warning(String message) {}

    @Override
    public void notice(boolean error, String message) {}

    /** Throws the first failure that nobody injected. */
    void throwUnexpected() {
        if (!unexpected.isEmpty()) {
            throw unexpected.getFirst();
        }
    }

    private static boolean isDiskFault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean storage =
                    cause instanceof NodeDbException error
                            && error.code() == ErrorCode.STORAGE_FAILED;
            if (storage || cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
