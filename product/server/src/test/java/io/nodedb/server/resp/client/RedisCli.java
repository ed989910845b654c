package io.nodedb.server.resp.client;

import io.nodedb.server.resp.probe.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code redis-cli} against a server. Its lines of output are taken as they come;
 * closing ends it. Every wait fails after {@link #PATIENCE_SECONDS}. One thread uses it, one of its
 * own reads.
 */
final class RedisCli implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final String END = "\0end";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private RedisCli(Process process) {
        this.process = process;
    }

    /** Starts one in {@code folder} that is given nothing to read. */
    static RedisCli start(Path folder, Endpoint server, String... arguments) {
        return startWith("", folder, server, arguments);
    }

    /** Starts one in {@code folder} that reads {@code input}. */
    static RedisCli startWith(String input, Path folder, Endpoint server, String... arguments) {
        return startWith(input, Map.of(), folder, server, arguments);
    }

    /** As above, with these variables in its environment. */
    static RedisCli startWith(
            String input,
            Map<String, String> environment,
            Path folder,
            Endpoint server,
            String... arguments) {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-h", server.host()));
        command.addAll(List.of("-p", Integer.toString(server.port())));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString()); // its settings are not ours
        builder.environment().putAll(environment);
        try {
            RedisCli cli = new RedisCli(builder.start());
            Thread _ = Thread.ofPlatform().daemon().name("redis-cli-output").start(cli::readLines);
            try (Writer stdin = cli.process.outputWriter(StandardCharsets.ISO_8859_1)) {
                stdin.write(input);
            }
            return cli;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readLines() {
        try (BufferedReader out = process.inputReader(StandardCharsets.ISO_8859_1)) {
            out.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException _) {
            // the pipe broke with the process: what was read is what there is
        } finally {
            lines.add(END);
        }
    }

    /** The next line of output; an {@link AssertionError} when there is none. */
    String nextLine() {
        String line = take();
        if (line.equals(END)) {
            throw new AssertionError("redis-cli has ended");
        }
        return line;
    }

    /** All lines until it ends by itself, which it must, with this exit status. */
    List<String> linesUntilExit(int status) {
        List<String> all = new ArrayList<>();
        for (String line = take(); !line.equals(END); line = take()) {
            all.add(line);
        }
        int actual =
                process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().exitValue();
        if (actual != status) {
            throw new AssertionError("exit status " + actual + " and not " + status + ": " + all);
        }
        return all;
    }

    private String take() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("redis-cli says nothing");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
