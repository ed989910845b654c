package io.nodedb.cli;

import io.nodedb.base.errors.NodeDbException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The {@code nodedb} command: picks the subcommand, tells failures, gives the exit code. A {@link
 * NodeDbException} is told in one line; any other exception is a bug and comes with its stack
 * trace.
 */
@Command(
        name = "nodedb",
        description = "NodeDB for Java: one database, many engines.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        subcommands = {
            VersionCommand.class,
            VerifyCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ServerCommand.class,
            CommandLine.HelpCommand.class
        })
public final class NodeDbCommand implements Runnable {
    @Spec private CommandSpec spec;

    /** Ends the process with the subcommand's {@link ExitCode}. */
    public static void main(String[] arguments) {
        CommandLine commandLine = commandLine();
        int code = commandLine.execute(arguments);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        // Not exit: that asks for a logger, and the server's takes longer to load than most
        // commands to run. A command that needs an orderly end has come to it by now.
        Runtime.getRuntime().halt(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new NodeDbCommand())
                .setExecutionExceptionHandler(NodeDbCommand::tellFailure);
    }

    /** Called when no subcommand is given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command.");
    }

    private static int tellFailure(Exception failure, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof NodeDbException) {
            err.println("nodedb: " + failure.getMessage());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.FAILED;
    }
}
