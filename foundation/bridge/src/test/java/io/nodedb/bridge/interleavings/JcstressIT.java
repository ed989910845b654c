package io.nodedb.bridge.interleavings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the jcstress tests of this package in a process of its own, which forks one per test. The
 * short form takes one compiled configuration for half a second each; {@code
 * -Dnodedb.long=jcstress} takes every configuration that the harness knows. Tests with more actors
 * than there are processors are left out by the harness.
 */
class JcstressIT {
    /** Half a second finds a missing fence of the doorbell thousands of times. */
    private static final List<String> SHORT_FORM =
            List.of(
                    "-m quick -f 1 -iters 1 -time 500 -sc false -jvmArgs -XX:+UseSerialGC"
                            .split(" ", -1));

    @TempDir private Path results;

    @Test
    void noForbiddenOutcomeIsSeen() throws IOException, InterruptedException {
        boolean longForm = System.getProperty("nodedb.long", "").equals("jcstress");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("org.openjdk.jcstress.Main");
        command.addAll(List.of("-t", "io.nodedb.bridge.interleavings"));
        command.addAll(List.of("-r", results.toString()));
        command.addAll(longForm ? List.of("-m", "default") : SHORT_FORM);
        Process process =
                new ProcessBuilder(command)
                        .directory(results.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exit = process.waitFor();
        assertThat(exit).as(output).isZero();
        assertThat(output)
                .contains("Failed tests: No matches.")
                .contains("Error tests: No matches.")
                .containsPattern("All remaining tests: [1-9][0-9]* matching test results");
    }
}
