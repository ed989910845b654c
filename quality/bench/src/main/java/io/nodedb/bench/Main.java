package io.nodedb.bench;

import io.nodedb.bench.bridge.BridgeBenchmark;
import io.nodedb.bench.kv.KvBenchmark;
import io.nodedb.bench.rows.RowsBenchmark;
import io.nodedb.bench.startup.StartupBenchmark;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code ./bench} command: runs a benchmark; without a name it lists them. */
@Command(
        name = "bench",
        description = "Benchmarks of NodeDB for Java against its peers.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BridgeBenchmark.class,
            KvBenchmark.class,
            RowsBenchmark.class,
            StartupBenchmark.class
        })
public final class Main implements Runnable {
    @Spec private CommandSpec spec;

    /**
     * Ends with 0 when everything was measured without a failed operation, whether or not the goals
     * were reached; with 1 otherwise; with 2 for arguments that make no sense.
     */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new Main())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
