package io.nodedb.bench.report;

import io.nodedb.bench.image.ClassPath;
import io.nodedb.os.process.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** On what a run took place: read once, at its beginning. */
public final class Surroundings {
    private static final long GIT_PATIENCE_SECONDS = 10;
    private static final double GIB = 1L << 30;

    private Surroundings() {}

    /** Names and texts, in the order in which they are printed. */
    public static Map<String, String> read(Path directory) throws IOException {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("commit", commit());
        facts.put("JDK", runtime.getVmVendor() + " " + System.getProperty("java.vm.version"));
        facts.put("flags", String.join(" ", runtime.getInputArguments()));
        facts.put("processors", ProcessMemory.processors() + ", " + processorModel());
        facts.put("memory", Figures.of(ProcessMemory.physicalBytes() / GIB) + " GiB");
        facts.put(
                "system",
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"));
        facts.put("file system", Files.getFileStore(directory).type());
        return facts;
    }

    /**
     * The load of the machine when the run begins: a busy machine gives no numbers worth having.
     */
    public static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String processorModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("model unknown");
        } catch (IOException e) {
            return "model unknown";
        }
    }

    /** The commit of the sources that the image lies in, with a mark when they were changed. */
    private static String commit() {
        List<String> command =
                new ArrayList<>(List.of("git", "-C", ClassPath.imageFolder().toString()));
        command.addAll(List.of("describe", "--always", "--dirty", "--abbrev=10"));
        try {
            Process git =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String text =
                    new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = git.waitFor(GIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
            return ended && git.exitValue() == 0 ? text : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
