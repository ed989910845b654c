package io.nodedb.cli;

import io.nodedb.Backup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nodedb restore BACKUP DIR}: makes a database from a backup, which stays as it is. One line
 * says what was made.
 */
@Command(name = "restore", description = "Make a database from a backup.")
final class RestoreCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BACKUP", description = "The backup's directory.")
    private Path directory;

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "Where the database goes; must not exist.")
    private Path target;

    @Override
    public Integer call() {
        Backup made = Backup.restore(directory, target);
        spec.commandLine()
                .getOut()
                .println(
                        "database: "
                                + made.directory()
                                + ", files: "
                                + made.files()
                                + ", bytes copied: "
                                + made.bytes());
        return ExitCode.OK;
    }
}
