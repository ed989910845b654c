package io.nodedb.data.harness;

import io.nodedb.data.failure.Failures;
import java.util.ArrayList;
import java.util.List;

/** Keeps what was reported. */
public final class RecordedFailures implements Failures {
    /** One reported failure. */
    public record Report(String id, String place, String what, Throwable failure) {}

    public final List<Report> reports = new ArrayList<>();
    public final List<String> notices = new ArrayList<>();
    public final List<String> warnings = new ArrayList<>();
    public final List<String> errors = new ArrayList<>();

    @Override
    public String report(String place, String what, Throwable failure) {
        String id = "failure-" + (reports.size() + 1);
        reports.add(new Report(id, place, what, failure));
        return id;
    }

    @Override
    public void warning(String message) {
        warnings.add(message);
    }

    @Override
    public void notice(boolean error, String message) {
        (error ? errors : notices).add(message);
    }
}
