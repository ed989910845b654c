package io.nodedb.cli;

import io.nodedb.Backup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nodedb backup DIR TARGET}: copies a database, which another process may be using. One line
 * says what was made.
 */
@Command(name = "backup", description = "Copy a database, running or not, to a new directory.")
final class BackupCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "Where the backup goes; must not exist.")
    private Path target;

    @Override
    public Integer call() {
        Backup made = Backup.of(directory, target);
        spec.commandLine()
                .getOut()
                .println(
                        "backup: "
                                + made.directory()
                                + ", files: "
                                + made.files()
                                + ", bytes copied: "
                                + made.bytes());
        return ExitCode.OK;
    }
}
