package io.nodedb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class NodeDbCommandTest {
    private final CommandLine commandLine = NodeDbCommand.commandLine();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void versionIsOneLineOnStandardOutput() {
        assertThat(execute("version")).isEqualTo(0);
        assertThat(out.toString())
                .matches("nodedb \\S+ \\(Java \\S+\\)\\R")
                .contains(System.getProperty("java.version"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionOptionSaysTheSame() {
        assertThat(execute("--version")).isEqualTo(0);
        assertThat(out.toString()).isEqualTo(VersionLine.text() + System.lineSeparator());
    }

    @Test
    void missingCommandIsAUsageErrorThatListsTheCommands() {
        assertThat(execute()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("Missing command", "version");
    }

    @Test
    void mistypedCommandIsAUsageErrorThatNamesTheNearest() {
        assertThat(execute("versoin")).isEqualTo(2);
        assertThat(err.toString()).contains("versoin", "Did you mean", "version");
    }

    @Test
    void userErrorIsOneLineWithoutStackTrace() {
        commandLine.addSubcommand(new Failing(new NodeDbException(ErrorCode.NOT_FOUND, "x=1")));
        assertThat(execute("failing")).isEqualTo(1);
        assertThat(err.toString().strip())
                .startsWith("nodedb: ")
                .contains("x=1")
                .doesNotContain("\n");
    }

    @Test
    void bugComesWithItsStackTrace() {
        commandLine.addSubcommand(new Failing(new IllegalStateException("broken")));
        assertThat(execute("failing")).isEqualTo(1);
        assertThat(err.toString()).contains("broken", "\tat ");
    }

    @Command(name = "failing")
    private record Failing(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }
}
