package io.nodedb.bench.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;

/** Records samples of processor time while something runs. */
public final class Recorder {
    /** JEP 509; Linux only, so far. */
    static final String SAMPLE = "jdk.CPUTimeSample";

    private static final String THROTTLE = "throttle";

    /** Not a divisor of a millisecond or a tick, so that samples don't fall in step with one. */
    private static final String PERIOD = "1700us";

    private Recorder() {}

    /** What is recorded. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Records this process. */
    public static void record(Path file, Work work) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(SAMPLE).with(THROTTLE, PERIOD);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
    }

    /** Records another Java process by the JDK's {@code jcmd}. */
    public static void record(long pid, Path file, Work work) throws Exception {
        String name = "name=profile";
        jcmd(
                pid,
                List.of(
                        "JFR.start",
                        name,
                        "settings=none",
                        "+" + SAMPLE + "#enabled=true",
                        "+" + SAMPLE + "#" + THROTTLE + "=" + PERIOD));
        work.run();
        jcmd(pid, List.of("JFR.stop", name, "filename=" + file));
    }

    private static void jcmd(long pid, List<String> words) throws IOException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.add(Long.toString(pid));
        command.addAll(words);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("jcmd failed: " + command);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
