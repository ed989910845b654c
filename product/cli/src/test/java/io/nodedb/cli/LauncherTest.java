package io.nodedb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./nodedb} in a project of its own, where the JDKs and Maven are small scripts
 * that say how they were called.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("nodedb.root"));
    private static final List<String> TOOLS =
            List.of("sh", "find", "readlink", "dirname", "sed", "flock", "mkdir", "rm", "mv");

    @TempDir private Path folder;
    private Path project;
    private Path tools;
    private Path jdks;

    private record Result(int status, String out, String err) {}

    @BeforeEach
    void layOutProject() throws IOException {
        project = folder.resolve("a project");
        tools = Files.createDirectories(folder.resolve("bin"));
        jdks = Files.createDirectories(folder.resolve("jdks"));
        Files.createDirectories(project.resolve(".build"));
        for (String file : List.of("nodedb", ".build/toolchain.sh", ".build/jvm.options")) {
            Files.copy(ROOT.resolve(file), project.resolve(file));
        }
        assertThat(project.resolve("nodedb").toFile().setExecutable(true)).isTrue();
        for (String storey : List.of("foundation", "engines", "planes", "product", ".mvn")) {
            Files.createDirectories(project.resolve(storey));
        }
        Files.createFile(project.resolve("pom.xml"));
        Files.createDirectories(sources());
        Files.createFile(sources().resolve("Ring.java"));
        for (String tool : TOOLS) {
            script(tools.resolve(tool), "exec " + locate(tool) + " \"$@\"");
        }
        jdk("jdk-25", "25.0.3");
        maven(
                "echo called >>calls; echo maven says hello; for a; do case $a in"
                        + " -Dnodedb.image=*) echo jar >\"${a#*=}/lib/nodedb.jar\" ;; esac; done");
    }

    private Path sources() {
        return project.resolve("foundation/bridge/src/main/java/io");
    }

    private static Path locate(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(path -> Path.of(path, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(tool + " is not installed"));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(jdks.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "OS_NAME=\"Linux\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                home.resolve("bin/java"),
                "echo \"java $0\"; for a; do echo \"[$a]\"; done;"
                        + " echo \"opts=${NODEDB_JAVA_OPTS-unset}\"");
        script(home.resolve("bin/javac"), "exit 1");
        return home;
    }

    private void maven(String body) throws IOException {
        script(tools.resolve("mvn"), body);
    }

    private static void script(Path path, String body) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private Result launch(String... arguments) throws Exception {
        return launch(Map.of(), project, project.resolve("nodedb"), arguments);
    }

    private Result launch(
            Map<String, String> environment, Path workingFolder, Path script, String... arguments)
            throws Exception {
        Process process = start(environment, workingFolder, script, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(errorFile(process)));
    }

    private Process start(
            Map<String, String> environment, Path workingFolder, Path script, String... arguments)
            throws IOException {
        Path errors = Files.createTempFile(folder, "stderr", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Stream.concat(Stream.of(script.toString()), Stream.of(arguments)).toList());
        builder.directory(workingFolder.toFile()).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("NODEDBTEST_JDK_FOLDERS", jdks + "/*");
        builder.environment().putAll(environment);
        Process process = builder.start();
        Files.createSymbolicLink(errorFile(process), errors);
        return process;
    }

    private Path errorFile(Process process) {
        return folder.resolve("stderr-" + process.pid());
    }

    private int builds() throws IOException {
        Path calls = project.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void firstCallBuildsAndLaterOnesRunTheImage() throws Exception {
        Result first = launch("version", "two words");
        assertThat(first.status()).as(first.err()).isEqualTo(0);
        assertThat(first.out())
                .contains("[io.nodedb.cli.NodeDbCommand]\n[version]\n[two words]\n")
                .contains("[" + project + "/product/cli/target/image/lib/*]")
                .doesNotContain("maven says");
        assertThat(first.err()).contains("nodedb: building", "maven says hello");

        Result second = launch("version");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void changedAddedAndRemovedSourcesAreBuilt() throws Exception {
        launch("version");
        Files.writeString(sources().resolve("Ring.java"), "class Ring {}");
        launch("version");
        assertThat(builds()).isEqualTo(2);
        Files.createFile(sources().resolve("Lane.java"));
        launch("version");
        assertThat(builds()).isEqualTo(3);
        Files.delete(sources().resolve("Ring.java"));
        launch("version");
        assertThat(builds()).isEqualTo(4);
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        launch("version");
        assertThat(builds()).isEqualTo(5);
    }

    @Test
    void testsAndBuildOutputAreNoReasonToBuild() throws Exception {
        launch("version");
        Path module = project.resolve("foundation/bridge");
        for (String path : List.of("src/test/java/RingTest.java", "target/classes/Ring.class")) {
            Files.createDirectories(module.resolve(path).getParent());
            Files.createFile(module.resolve(path));
        }
        launch("version");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void callsAtTheSameTimeBuildOnce() throws Exception {
        List<Process> processes =
                List.of(
                        start(Map.of(), project, project.resolve("nodedb"), "version"),
                        start(Map.of(), project, project.resolve("nodedb"), "version"),
                        start(Map.of(), project, project.resolve("nodedb"), "version"));
        for (Process process : processes) {
            process.getInputStream().readAllBytes();
            assertThat(process.waitFor()).isEqualTo(0);
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void failedBuildRunsNothing() throws Exception {
        launch("version");
        Files.writeString(sources().resolve("Ring.java"), "class Rong {}");
        maven("echo no such symbol; exit 1");
        Result result = launch("version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("no such symbol", "nodedb: the build failed");
    }

    @Test
    void symbolicLinkAndForeignFolderMakeNoDifference() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a project/nodedb"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Result result = launch(Map.of(), elsewhere, link, "version");
        assertThat(result.status()).as(result.err()).isEqualTo(0);
        assertThat(result.out()).contains(project + "/product/cli/target/image/lib/*");
    }

    @Test
    void olderJavaHomeIsSkippedWithANotice() throws Exception {
        Path old = jdk("jdk-17", "17.0.15");
        Result result =
                launch(Map.of("JAVA_HOME", old.toString()), project, project.resolve("nodedb"));
        assertThat(result.status()).isEqualTo(0);
        assertThat(result.err())
                .contains("skipping JAVA_HOME=" + old + " (Java 17.0.15)")
                .contains("using " + jdks.resolve("jdk-25"));
        assertThat(result.out()).startsWith("java " + jdks.resolve("jdk-25/bin/java"));
    }

    @Test
    void javaHomeComesFirstThenThePathThenTheOldestThatWillDo() throws Exception {
        Path newer = jdk("jdk-26", "26");
        Path newest = jdk("jdk-27", "27-ea");
        launch("version");
        assertThat(launch("version").out()).startsWith("java " + jdks.resolve("jdk-25/bin/java"));

        Files.createSymbolicLink(tools.resolve("java"), newer.resolve("bin/java"));
        assertThat(launch("version").out()).startsWith("java " + newer.resolve("bin/java"));

        Map<String, String> environment = Map.of("JAVA_HOME", newest.toString());
        assertThat(launch(environment, project, project.resolve("nodedb")).out())
                .startsWith("java " + newest.resolve("bin/java"));
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Result result =
                launch(
                        Map.of("NODEDBTEST_JDK_FOLDERS", folder + "/none/*"),
                        project,
                        project.resolve("nodedb"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("no JDK 25 or newer", "apt-get install", "adoptium");
    }

    @Test
    void withoutACompilerAJavaWillNotDo() throws Exception {
        Path runtime = jdk("jre-25", "25.0.3");
        Files.delete(runtime.resolve("bin/javac"));
        Result result =
                launch(Map.of("JAVA_HOME", runtime.toString()), project, project.resolve("nodedb"));
        assertThat(result.status()).isEqualTo(0);
        assertThat(result.err()).contains("Java 25.0.3 without a compiler");
    }

    @Test
    void mavenIsFoundInMavenHomeAndElseItSaysWhatToInstall() throws Exception {
        Path maven = Files.createDirectories(folder.resolve("maven/bin"));
        Files.move(tools.resolve("mvn"), maven.resolve("mvn"));
        Result without = launch("version");
        assertThat(without.status()).isEqualTo(1);
        assertThat(without.err()).contains("Maven 3.8.6 or newer", "apt-get install maven");

        Map<String, String> environment = Map.of("MAVEN_HOME", maven.getParent().toString());
        Result with = launch(environment, project, project.resolve("nodedb"));
        assertThat(with.status()).as(with.err()).isEqualTo(0);
    }

    @Test
    void withoutFlockItSaysWhatToInstall() throws Exception {
        Files.delete(tools.resolve("flock"));
        Result result = launch("version");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("flock is needed", "util-linux");
        assertThat(builds()).isEqualTo(0);
    }

    @Test
    void javaOptionsAreAppendedAndNotHandedOn() throws Exception {
        launch("version");
        Map<String, String> environment = Map.of("NODEDB_JAVA_OPTS", "-Xmx64m -Dglob=*");
        Result result = launch(environment, project, project.resolve("nodedb"));
        assertThat(result.out())
                .contains("[@" + project + "/.build/jvm.options]\n[-Xmx64m]\n[-Dglob=*]\n[-cp]")
                .contains("opts=unset");
        assertThat(result.err()).isEmpty();
    }

    /** Its only work is to fill the heap; it says so when it goes on behind that. */
    static final class HeapExhaustion {
        private HeapExhaustion() {}

        public static void main(String[] args) {
            List<long[]> kept = new ArrayList<>();
            try {
                while (kept.size() < Integer.MAX_VALUE) {
                    kept.add(new long[1 << 16]);
                }
            } catch (OutOfMemoryError survived) {
                System.out.println("goes on with " + kept.size());
            }
        }
    }

    @Test
    void aFullHeapEndsTheProcessThatRunsWithTheFlagsOfTheLauncher() throws Exception {
        Path flags = ROOT.resolve(".build/jvm.options");
        assertThat(Files.readAllLines(flags)).contains("-XX:+ExitOnOutOfMemoryError");
        Path said = folder.resolve("said");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + flags,
                                "-Xmx16m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HeapExhaustion.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(3);
        assertThat(Files.readString(said)).doesNotContain("goes on");
    }
}
