package io.nodedb.bench.trial;

import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Contestant;
import io.nodedb.bench.report.Work;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs a trial in a new process and adds what it tells to a comparison.
 *
 * @param flags JVM flags beside those of this process
 */
public record ForkedTrial(
        Class<? extends Trial> trial, Contestant contestant, List<String> flags, TrialInput input) {
    public ForkedTrial {
        flags = List.copyOf(flags);
    }

    public ForkedTrial(Class<? extends Trial> trial, Contestant contestant, TrialInput input) {
        this(trial, contestant, List.of(), input);
    }

    /** Adds each measurement to the work of its name; false when there was none to add. */
    public boolean run(List<Work> works, Comparison comparison) throws IOException {
        Map<String, Work> byName =
                works.stream().collect(Collectors.toMap(Work::name, Function.identity()));
        List<String> arguments =
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(trial.getName()),
                                input.arguments().stream())
                        .toList();
        try (JavaProcess process =
                JavaProcess.start(
                        System.getProperty("java.class.path"),
                        flags,
                        TrialProcess.class,
                        arguments)) {
            boolean told = false;
            for (String line = process.readLine(); line != null; line = process.readLine()) {
                if (line.startsWith(TrialOutput.MEASUREMENT)) {
                    TrialOutput.Told one = TrialOutput.Told.parse(line);
                    Work work = byName.get(one.work());
                    if (work != null) {
                        comparison.add(work, contestant, one.measurement());
                        told = true;
                    }
                } else if (line.startsWith(TrialOutput.SKIPPED)) {
                    skip(line.substring(TrialOutput.SKIPPED.length()), comparison);
                    return false;
                }
            }
            int status = process.end();
            if (status != 0) {
                comparison.failure(
                        contestant.name()
                                + " broke down in "
                                + trial.getSimpleName()
                                + ": exit="
                                + status);
            }
            return told;
        }
    }

    private void skip(String reason, Comparison comparison) {
        if (contestant.ours()) {
            comparison.failure(contestant.name() + ": " + reason);
        } else {
            comparison.remark("skipped: " + contestant.name() + ": " + reason);
        }
    }
}
