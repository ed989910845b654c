package io.nodedb.bench.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Java process with this one's JVM and flags. Its standard error is this one's; its standard
 * output is read line by line. One thread uses it; a watchdog kills it when it takes too long.
 */
public final class JavaProcess implements AutoCloseable {
    /** A bound on a hang, not an expectation. */
    private static final long PATIENCE_MINUTES = 60;

    private final Process process;
    private final long startedNanos;
    private final BufferedReader output;
    private final Thread watchdog;

    private JavaProcess(Process process, long startedNanos) {
        this.process = process;
        this.startedNanos = startedNanos;
        output = process.inputReader(StandardCharsets.UTF_8);
        watchdog = Thread.ofPlatform().daemon().name("watchdog").start(this::killWhenLate);
    }

    /** {@code moreFlags} come after this process's own and so before them in rank. */
    public static JavaProcess start(
            String classPath, List<String> moreFlags, Class<?> mainClass, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(moreFlags);
        command.addAll(List.of("-cp", classPath, mainClass.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        long now = System.nanoTime();
        return new JavaProcess(builder.start(), now);
    }

    /** {@link System#nanoTime} right before the process was started. */
    public long startedNanos() {
        return startedNanos;
    }

    /** The next line of standard output; null at its end. */
    public @Nullable String readLine() throws IOException {
        return output.readLine();
    }

    /** The rest of the next line that begins with {@code mark}; the lines before it are dropped. */
    public String awaitLine(String mark) throws IOException {
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.startsWith(mark)) {
                return line.substring(mark.length());
            }
        }
        throw new SilentProcessException(
                "a process ended before it said what was awaited: mark="
                        + mark.strip()
                        + " exit="
                        + end());
    }

    /** Waits for the end; the exit status. */
    public int end() {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        }
    }

    /** Ends the process as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        int ignored = end();
    }

    @Override
    public void close() {
        kill();
        watchdog.interrupt();
    }

    private void killWhenLate() {
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            // The process has ended and was waited for.
        }
    }
}
