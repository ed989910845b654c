package io.nodedb.bench.resp;

import io.nodedb.bench.image.ClassPath;
import io.nodedb.bench.report.Contestant;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that takes part. */
sealed interface RespContestant {
    /** As the report names it. */
    Contestant contestant();

    /** Starts it with an empty database in {@code directory}, listening on this host. */
    List<String> command(Path directory, int port, RespTier tier);

    /**
     * Our server as {@code ./nodedb server} starts it: the flags of this process, which are those
     * of {@code .build/jvm.options} and of NODEDB_JAVA_OPTS.
     *
     * @param placement {@code combined}: cores drive their sockets; {@code separate}: event loops
     */
    record NodeDb(String placement, int cores) implements RespContestant {
        private static final String MAIN = "io.nodedb.cli.NodeDbCommand";

        /** Beside the image's own folder: what only the server needs. */
        private static final String SERVER_FOLDER = "server";

        /** Not the server's. */
        private static final List<String> FOREIGN_JARS =
                List.of(
                        "agrona-",
                        "duckdb_jdbc-",
                        "h2-",
                        "rocksdbjni-",
                        "sqlite-jdbc-",
                        "slf4j-nop-");

        private static String classPath() {
            Path server = ClassPath.imageFolder().resolveSibling(SERVER_FOLDER);
            return ClassPath.only(jar -> FOREIGN_JARS.stream().noneMatch(jar::startsWith))
                    + File.pathSeparator
                    + server.resolve("*");
        }

        @Override
        public Contestant contestant() {
            return Contestant.ours(
                    "NodeDB " + placement + ", " + cores + (cores == 1 ? " core" : " cores"));
        }

        @Override
        public List<String> command(Path directory, int port, RespTier tier) {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.add("-cp");
            command.add(classPath());
            command.addAll(List.of(MAIN, "server", "--data", directory.toString()));
            command.addAll(List.of("--resp", Integer.toString(port), "--http", "off"));
            for (String setting :
                    List.of(
                            "durability=" + tier.durability(),
                            "placement=" + placement,
                            "data_cores=" + cores)) {
                command.addAll(List.of("--set", setting));
            }
            return command;
        }
    }

    /** Redis with its log, without snapshots and without rewriting the log. */
    record Redis(String version) implements RespContestant {
        static final String PROGRAM = "redis-server";

        @Override
        public Contestant contestant() {
            return Contestant.peer("Redis " + version);
        }

        @Override
        public List<String> command(Path directory, int port, RespTier tier) {
            return List.of(
                    PROGRAM,
                    "--port",
                    Integer.toString(port),
                    "--dir",
                    directory.toString(),
                    "--save",
                    "",
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    tier.appendFsync(),
                    "--auto-aof-rewrite-percentage",
                    "0",
                    "--loglevel",
                    "warning");
        }
    }
}
