package io.nodedb.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The closing lines of {@code ./test}: {@code .build/sum-tests.awk} over reports of two modules.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class TestSumTest {
    private static final Path SUM =
            Path.of(System.getProperty("nodedb.root"), ".build/sum-tests.awk");

    @TempDir private Path folder;

    private record Result(int status, List<String> lines) {}

    private static Result sum(Path... reports) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("awk", "-f", SUM.toString(), "/dev/null"));
        for (Path report : reports) {
            command.add(report.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out.lines().toList());
    }

    private Path report(String name, String text) throws IOException {
        return Files.writeString(folder.resolve("TEST-" + name + ".xml"), text);
    }

    private Path good() throws IOException {
        return report(
                "Good",
                """
                <testsuite xmlns:xsi="x" name="io.Good" time="0.1" tests="3" errors="0" skipped="1" failures="0">
                  <properties/>
                  <testcase name="rings" classname="io.Good" time="0"/>
                  <testcase name="wakes" classname="io.Good" time="0"/>
                  <testcase name="pins" classname="io.Good" time="0">
                    <skipped message="needs &gt; 2 processors"/>
                  </testcase>
                </testsuite>
                """);
    }

    private Path bad() throws IOException {
        return report(
                "Bad",
                """
                <testsuite name="io.Bad" time="0.1" tests="2" errors="1" skipped="0" failures="1">
                  <testcase name="syncs" classname="io.Bad" time="0">
                    <failure message="expected: &quot;a&quot;" type="java.lang.AssertionError">trace</failure>
                  </testcase>
                  <testcase name="cuts" classname="io.Bad" time="0">
                    <error type="java.io.IOException">trace</error>
                  </testcase>
                </testsuite>
                """);
    }

    @Test
    void reportsOfAllModulesAreSummedAndSkipsTold() throws Exception {
        assertThat(sum(good(), good()))
                .isEqualTo(
                        new Result(
                                0,
                                List.of(
                                        "skipped io.Good.pins: needs > 2 processors",
                                        "skipped io.Good.pins: needs > 2 processors",
                                        "Tests run: 6, Failures: 0, Errors: 0, Skipped: 2",
                                        "4 passed, 0 failed, 2 skipped")));
    }

    @Test
    void failuresAreNamedAndGiveTheExitStatus() throws Exception {
        assertThat(sum(good(), bad()))
                .isEqualTo(
                        new Result(
                                1,
                                List.of(
                                        "skipped io.Good.pins: needs > 2 processors",
                                        "failed  io.Bad.syncs: expected: \"a\"",
                                        "failed  io.Bad.cuts",
                                        "Tests run: 5, Failures: 1, Errors: 1, Skipped: 1",
                                        "2 passed, 2 failed, 1 skipped")));
    }

    @Test
    void nothingRunIsAFailure() throws Exception {
        assertThat(sum())
                .isEqualTo(
                        new Result(
                                1,
                                List.of(
                                        "Tests run: 0, Failures: 0, Errors: 0, Skipped: 0",
                                        "0 passed, 0 failed, 0 skipped")));
    }
}
