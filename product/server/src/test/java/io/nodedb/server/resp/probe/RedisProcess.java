package io.nodedb.server.resp.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A real Redis in a process of its own, without persistence, that tells us what the protocol's
 * users are used to. Where {@code redis-server} is not installed {@link #program} is empty, and the
 * tests that want it skip themselves with {@link #MISSING}.
 */
public final class RedisProcess implements AutoCloseable {
    /** What the notice of a skipped test says. */
    public static final String MISSING =
            "redis-server and redis-cli 7 are not on the PATH (Debian, Ubuntu: apt-get install"
                    + " redis-server redis-tools)";

    private static final int PATIENCE_SECONDS = 60;

    /** Another process may take the port between its choice and its use. */
    private static final int MOST_ATTEMPTS = 5;

    private final Process process;
    private final Endpoint endpoint;

    private RedisProcess(Process process, Endpoint endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Where a program of this name lies on the PATH. */
    public static Optional<Path> program(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Starts one in {@code folder} and returns when it accepts connections. */
    public static RedisProcess start(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int attempt = 1; ; attempt++) {
            Optional<RedisProcess> started = tryToStart(folder, freePort());
            if (started.isPresent()) {
                return started.get();
            }
            if (attempt == MOST_ATTEMPTS) {
                throw new AssertionError("redis-server did not start");
            }
        }
    }

    private static Optional<RedisProcess> tryToStart(Path folder, int port) {
        List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port));
        command.addAll(List.of("--bind", Endpoint.LOOPBACK, "--save", "", "--appendonly", "no"));
        command.addAll(List.of("--dir", folder.toString(), "--daemonize", "no"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C"); // SORT's ALPHA collates by the locale
        try {
            Process process = builder.start();
            CompletableFuture<Boolean> ready = new CompletableFuture<>();
            Thread _ =
                    Thread.ofPlatform()
                            .daemon()
                            .name("redis-" + port + "-log")
                            .start(() -> readLog(process, ready));
            RedisProcess redis = new RedisProcess(process, Endpoint.local(port));
            if (ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return Optional.of(redis);
            }
            redis.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError("redis-server says nothing", e);
        }
    }

    private static void readLog(Process process, CompletableFuture<Boolean> ready) {
        try (BufferedReader log = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                if (line.contains("Ready to accept connections")) {
                    ready.complete(true);
                }
            }
        } catch (IOException _) {
            // the pipe broke with the process
        } finally {
            ready.complete(false);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
