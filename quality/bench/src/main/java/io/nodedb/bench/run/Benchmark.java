package io.nodedb.bench.run;

import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Figures;
import io.nodedb.bench.report.Surroundings;
import io.nodedb.bench.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One benchmark: measures in a scratch folder, then prints the report. */
public abstract class Benchmark implements Callable<Integer> {
    private static final int MEASURED = 0;
    private static final int FAILED = 1;

    /** Above this share of its processors, a machine is too busy for numbers that count. */
    private static final double BUSY_SHARE = 0.25;

    @Mixin private RunOptions options = new RunOptions();
    @Spec private CommandSpec spec;

    /** Runs all contestants and fills the comparison. */
    protected abstract void measure(ScratchFolder scratch, Comparison comparison)
            throws IOException;

    /** How it was measured, one sentence each: warm-up, repetitions, settings of the peers. */
    protected abstract List<String> method();

    /** What stands below everything else, by titles; nothing unless a benchmark has something. */
    protected Map<String, TextTable> appendix() throws IOException {
        return Map.of();
    }

    protected final RunOptions options() {
        return options;
    }

    /** Tells on standard error what is being done. */
    protected final void progress(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.name() + ": " + what);
        err.flush();
    }

    @Override
    public final Integer call() throws IOException {
        Comparison comparison = new Comparison(!options.quick());
        Map<String, String> facts;
        Map<String, TextTable> appendix;
        try (ScratchFolder scratch = ScratchFolder.in(options.directory(), spec.name())) {
            double load = Surroundings.loadAverage();
            facts = new LinkedHashMap<>(Surroundings.read(scratch.path()));
            facts.put("load before", Figures.of(load));
            if (load > BUSY_SHARE * Runtime.getRuntime().availableProcessors()) {
                comparison.remark("The machine was busy when the run began.");
            }
            if (options.quick()) {
                comparison.remark("--quick: these numbers mean nothing.");
            }
            measure(scratch, comparison);
            appendix = appendix();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(options.markdown() ? markdown(facts, comparison) : text(facts, comparison));
        appendix.forEach((title, table) ->
                out.printf(
                        options.markdown() ? "%n### %s%n%n%s" : "%n%s%n%n%s",
                        title,
                        options.markdown() ? table.markdown() : table.aligned()));
        out.flush();
        return comparison.failed() ? FAILED : MEASURED;
    }

    private String command() {
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        return "./bench " + String.join(" ", arguments);
    }

    private String text(Map<String, String> facts, Comparison comparison) {
        StringBuilder text = new StringBuilder(command()).append("\n\n");
        facts.forEach((name, fact) -> text.append(String.format("%-12s %s%n", name, fact)));
        text.append('\n').append(comparison.table().aligned()).append('\n');
        method().forEach(sentence -> text.append("- ").append(sentence).append('\n'));
        comparison.remarks().forEach(remark -> text.append("- ").append(remark).append('\n'));
        return text.toString();
    }

    private String markdown(Map<String, String> facts, Comparison comparison) {
        StringBuilder text = new StringBuilder("## ").append(spec.name()).append("\n\n");
        text.append("```\n").append(command()).append("\n```\n\n");
        text.append("| | |\n| --- | --- |\n");
        facts.forEach((name, fact) ->
                text.append("| ").append(name).append(" | ").append(fact).append(" |\n"));
        text.append('\n').append(comparison.table().markdown()).append('\n');
        method().forEach(sentence -> text.append("- ").append(sentence).append('\n'));
        comparison.remarks().forEach(remark -> text.append("- ").append(remark).append('\n'));
        return text.toString();
    }
}
