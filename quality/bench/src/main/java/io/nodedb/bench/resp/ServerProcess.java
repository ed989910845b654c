package io.nodedb.bench.resp;

import io.nodedb.bench.report.Contestant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server's process, from its first answer until it is ended. One thread uses it. */
final class ServerProcess implements AutoCloseable {
    /** Bounds on a hang, not expectations. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long END_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** USER_HZ, which Linux has fixed for programs. */
    private static final long NANOS_PER_TICK = TimeUnit.SECONDS.toNanos(1) / 100;

    /** Places of utime and stime in /proc/PID/stat behind the command's closing parenthesis. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private final Contestant contestant;
    private final Process process;
    private final int port;

    private ServerProcess(Contestant contestant, Process process, int port) {
        this.contestant = contestant;
        this.process = process;
        this.port = port;
    }

    /** Starts the server and returns when it answers. What it logs goes to standard error. */
    static ServerProcess start(RespContestant contestant, Path directory, RespTier tier)
            throws IOException {
        int port = freePort();
        List<String> command = contestant.command(directory, port, tier);
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        ServerProcess server = new ServerProcess(contestant.contestant(), process, port);
        long deadline = System.nanoTime() + START_NANOS;
        while (!server.answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                server.close();
                throw new IOException(
                        "a server never answered: contestant=" + contestant.contestant().name());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (RespClient client = new RespClient(port)) {
            return client.ask("PING").equals("PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    Contestant contestant() {
        return contestant;
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    /** Processor time of all its threads since its start, in steps of 10 ms. */
    long processorNanos() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
                * NANOS_PER_TICK;
    }

    /** Ends it in order, so that a recording is written out; by force when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
