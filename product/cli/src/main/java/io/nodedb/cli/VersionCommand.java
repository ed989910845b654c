package io.nodedb.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nodedb version}: the database's and Java's version in one line. */
@Command(name = "version", description = "Print the version in one line.")
final class VersionCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(VersionLine.text());
        return ExitCode.OK;
    }
}
