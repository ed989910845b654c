package io.nodedb.cli;

import io.nodedb.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nodedb verify DIR}: checks every file of a closed database; each damage is a line with
 * file and offset, and the exit code says whether there was any.
 */
@Command(
        name = "verify",
        description = "Check every file of a closed database and say what is wrong and where.")
final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Override
    public Integer call() {
        Verification verification = Verification.of(directory);
        PrintWriter out = spec.commandLine().getOut();
        for (String finding : verification.findings()) {
            out.println(finding);
        }
        out.println(
                "checkpoint files: "
                        + verification.checkpointFiles()
                        + ", entries: "
                        + verification.checkpointEntries()
                        + ", log records: "
                        + verification.logRecords()
                        + ", damages: "
                        + verification.findings().size());
        return verification.sound() ? ExitCode.OK : ExitCode.FAILED;
    }
}
