package io.nodedb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.NodeDb;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void verifyEndsWithZeroForASoundDatabaseAndWithOneAndALineForADamage(@TempDir Path directory)
            throws IOException {
        try (NodeDb db = NodeDb.open(directory)) {
            db.kv("things").put("a", "1");
        }
        assertThat(execute("verify", directory.toString())).isEqualTo(0);
        assertThat(out.toString()).contains("damages: 0");
        Path manifest = directory.resolve("p0000/kv/MANIFEST");
        byte[] bytes = Files.readAllBytes(manifest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(manifest, bytes);
        assertThat(execute("verify", directory.toString())).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("path=p0000/kv/MANIFEST offset=\\d+ ")
                .contains("damages: 1");
    }

    @Test
    void backupOfARunningDatabaseIsRestoredElsewhere(@TempDir Path directory) {
        Path original = directory.resolve("original");
        Path backup = directory.resolve("backup");
        Path restored = directory.resolve("restored");
        try (NodeDb db = NodeDb.open(original)) {
            db.kv("things").put("a", "1");
            assertThat(execute("backup", original.toString(), backup.toString())).isEqualTo(0);
            assertThat(out.toString())
                    .startsWith("backup: " + backup + ", files: ")
                    .contains(", bytes copied: ");
            db.kv("things").put("a", "2");
        }
        assertThat(execute("verify", backup.toString())).isEqualTo(0);
        assertThat(execute("restore", backup.toString(), restored.toString())).isEqualTo(0);
        assertThat(out.toString()).contains("database: " + restored + ", files: ");
        try (NodeDb db = NodeDb.open(restored)) {
            assertThat(db.kv("things").get("a")).isEqualTo("1");
        }
        assertThat(execute("restore", backup.toString(), restored.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("path=" + restored);
    }

    @Test
    void verifyOfAFolderWithoutADatabaseSaysSo(@TempDir Path directory) {
        assertThat(execute("verify", directory.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("there is no database").contains(directory.toString());
    }

    @Command(name = "failing")
    private record Failing(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }
}
