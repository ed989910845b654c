package io.nodedb.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Java process with the test's class path, for tests that kill one: it is spoken to line by
 * line over its standard streams, and {@link #kill} ends it as {@code kill -9} does.
 *
 * <p>Every wait ends after {@link #PATIENCE_SECONDS}, and then fails with what the process wrote to
 * standard error. One thread uses it; two of its own read the process's output, so that it never
 * blocks on a full pipe.
 */
public final class ForkedJvm implements AutoCloseable {
    /** A bound on a hang, not an expectation: far above what a busy machine needs. */
    public static final int PATIENCE_SECONDS = 120;

    private static final int KEPT_ERROR_LINES = 200;

    private final String name;
    private final Process process;
    private final Writer stdin;
    private final BlockingQueue<Line> stdout = new LinkedBlockingQueue<>();
    private final Deque<String> stderrTail = new ArrayDeque<>();
    private final Thread errorReader;

    /** A line of output, or its end when {@code text} is null. */
    private record Line(@Nullable String text) {}

    private ForkedJvm(String name, ProcessBuilder builder) throws IOException {
        this.name = name;
        // Through a named pipe of our own: the JDK closes its pipes when a process is destroyed,
        // and
        // what the process had written and nobody had read yet would be lost.
        Path pipe = namedPipe();
        Thread opener =
                Thread.ofPlatform()
                        .daemon()
                        .name(name + "-stdout")
                        .start(() -> readAll(pipe, this::keepOutput));
        try {
            this.process = builder.redirectOutput(pipe.toFile()).start();
        } catch (IOException e) {
            opener.interrupt();
            throw e;
        } finally {
            Files.deleteIfExists(pipe);
        }
        this.stdin = process.outputWriter(StandardCharsets.UTF_8);
        this.errorReader =
                startReader("stderr", process.errorReader(StandardCharsets.UTF_8), this::keepError);
    }

    /** Starts {@code mainClass} with the heap that a small test needs. */
    public static ForkedJvm start(Class<?> mainClass, String... arguments) {
        return start(List.of("-Xmx256m"), mainClass, arguments);
    }

    /** Starts {@code mainClass} with these flags besides those that all test processes have. */
    public static ForkedJvm start(List<String> jvmFlags, Class<?> mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of("-ea", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ForkedJvm(mainClass.getSimpleName(), new ProcessBuilder(command));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path namedPipe() throws IOException {
        Path directory = Files.createTempDirectory("nodedb-child");
        directory.toFile().deleteOnExit();
        Path pipe = directory.resolve("stdout");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
        try {
            if (made.waitFor() != 0) {
                throw new IOException("mkfifo failed: path=" + pipe);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making a pipe", e);
        }
        return pipe;
    }

    private static void readAll(Path pipe, LineSink sink) {
        BufferedReader reader;
        try {
            reader = Files.newBufferedReader(pipe, StandardCharsets.UTF_8);
        } catch (IOException _) {
            sink.take(null);
            return;
        }
        readAll(reader, sink);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes a line to the process's standard input. */
    public void send(String line) {
        try {
            stdin.write(line);
            stdin.write('\n');
            stdin.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(describe("takes no input"), e);
        }
    }

    /** The next line of the process's standard output; null when there are no more. */
    public @Nullable String readLine() {
        try {
            @Nullable Line line = stdout.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError(describe("says nothing"));
            }
            if (line.text() == null) {
                stdout.add(line); // the end stays the end
            }
            return line.text();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Reads up to and including the line that equals {@code expected}. */
    public void awaitLine(String expected) {
        @Nullable String line = readLine();
        while (!expected.equals(line)) {
            if (line == null) {
                waitFor();
                throw new AssertionError(describe("ended without saying '" + expected + "'"));
            }
            line = readLine();
        }
    }

    /** Ends the process at once, as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        boolean ignored = process.toHandle().destroyForcibly();
        waitFor();
    }

    /** Waits until the process has ended by itself; its exit status. */
    public int waitFor() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(describe("does not end"));
            }
            errorReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The last lines that the process wrote to standard error. */
    public String stderr() {
        synchronized (stderrTail) {
            return String.join(System.lineSeparator(), stderrTail);
        }
    }

    /** Kills the process if it still runs. May be called twice. */
    @Override
    public void close() {
        kill();
    }

    private void keepOutput(@Nullable String line) {
        stdout.add(new Line(line));
    }

    private void keepError(@Nullable String line) {
        if (line != null) {
            synchronized (stderrTail) {
                if (stderrTail.size() == KEPT_ERROR_LINES) {
                    stderrTail.removeFirst();
                }
                stderrTail.addLast(line);
            }
        }
    }

    private Thread startReader(String stream, BufferedReader reader, LineSink sink) {
        return Thread.ofPlatform()
                .daemon()
                .name(name + "-" + process.pid() + "-" + stream)
                .start(() -> readAll(reader, sink));
    }

    private static void readAll(BufferedReader reader, LineSink sink) {
        try (reader) {
            for (@Nullable String line = reader.readLine();
                    line != null;
                    line = reader.readLine()) {
                sink.take(line);
            }
        } catch (IOException _) {
            // The pipe broke with the process: what was read is what there is.
        } finally {
            sink.take(null);
        }
    }

    private AssertionError interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AssertionError(describe("was waited for until interrupted"), cause);
    }

    private String describe(String what) {
        return "Process "
                + name
                + " (pid="
                + process.pid()
                + ", "
                + (process.isAlive() ? "alive" : "exit=" + process.exitValue())
                + ") "
                + what
                + "; standard error: "
                + stderr();
    }

    /** Takes a stream's lines, and null at its end. */
    private interface LineSink {
        void take(@Nullable String line);
    }
}
