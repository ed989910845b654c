package io.nodedb.plan.expression;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own in a temporary folder, on a free port of this machine. It does not
 * run as root; a test that does starts it as the user {@code postgres}.
 */
final class PostgresProcess {
    static final String MISSING =
            "no PostgreSQL server below /usr/lib/postgresql that can be started: not compared with it";

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final int START_SECONDS = 60;

    private final Path programs;
    private final Path folder;
    private final String url;

    private PostgresProcess(Path programs, Path folder, String url) {
        this.programs = programs;
        this.folder = folder;
        this.url = url;
    }

    /** The newest installed server's programs. */
    static Optional<Path> programs() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    static PostgresProcess start(Path programs) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nodedb-postgres");
        if (isRoot()) {
            run(folder, List.of("chown", "postgres", folder.toString()));
        }
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        String data = folder.resolve("data").toString();
        run(
                folder,
                asServer(
                        programs.resolve("initdb") + "",
                        "-D",
                        data,
                        "-A",
                        "trust",
                        "-U",
                        "postgres",
                        "-E",
                        "UTF8",
                        "--locale=C",
                        "-N"));
        String options =
                "-p "
                        + port
                        + " -k "
                        + folder
                        + " -c listen_addresses=127.0.0.1 -c fsync=off -c timezone=UTC";
        run(
                folder,
                asServer(
                        programs.resolve("pg_ctl") + "",
                        "-D",
                        data,
                        "-o",
                        options,
                        "-l",
                        folder.resolve("server.log") + "",
                        "-w",
                        "-t",
                        "" + START_SECONDS,
                        "start"));
        return new PostgresProcess(
                programs,
                folder,
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    void close() throws IOException, InterruptedException {
        run(
                folder,
                asServer(
                        programs.resolve("pg_ctl") + "",
                        "-D",
                        folder.resolve("data") + "",
                        "-m",
                        "immediate",
                        "-w",
                        "stop"));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static List<String> asServer(String... command) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(
                    List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
        }
        words.addAll(List.of(command));
        return words;
    }

    private static void run(Path folder, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("nodedb-postgres", ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean ended = process.waitFor(2L * START_SECONDS, TimeUnit.SECONDS);
        String told = Files.readString(output);
        Files.delete(output);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("failed: " + command + System.lineSeparator() + told);
        }
    }
}
