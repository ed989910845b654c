package io.nodedb.bench.startup;

import io.nodedb.bench.image.ClassPath;
import io.nodedb.bench.report.Contestant;
import java.nio.file.Path;
import java.util.List;

/** Who is started; each with a class path on which no other contestant lies. */
enum StartContestant {
    NODEDB("NodeDB", "nodedb", FirstRow.class),
    H2("H2", "h2", FirstRowOverJdbc.class),
    SQLITE("SQLite", "sqlite-jdbc", FirstRowOverJdbc.class),
    DUCKDB("DuckDB", "duckdb_jdbc", FirstRowOverJdbc.class),
    BARE_JVM("the JVM alone", "", BareJvm.class);

    /** This module's own jar is on every class path. */
    private static final String OWN_JAR = "nodedb-bench-";

    /** Drivers log through it, or not at all. */
    private static final String LOGGING = "slf4j-";

    /** Everything else in the image is the database's, or of this module and not in its way. */
    private static final List<String> PEERS =
            List.of("agrona-", "duckdb_jdbc-", "h2-", "netty-", "rocksdbjni-", "sqlite-jdbc-");

    private final String title;
    private final String artifact;
    private final Class<?> mainClass;

    StartContestant(String title, String artifact, Class<?> mainClass) {
        this.title = title;
        this.artifact = artifact;
        this.mainClass = mainClass;
    }

    Contestant contestant() {
        return this == NODEDB
                ? Contestant.ours(title)
                : Contestant.peer(ClassPath.titleWithVersion(title, artifact));
    }

    Class<?> mainClass() {
        return mainClass;
    }

    /** What it is told first: a directory or a URL. */
    String address(Path directory) {
        return switch (this) {
            case NODEDB, BARE_JVM -> directory.toString();
            case H2 -> "jdbc:h2:file:" + directory.resolve("data");
            case SQLITE -> "jdbc:sqlite:" + directory.resolve("data.sqlite");
            case DUCKDB -> "jdbc:duckdb:" + directory.resolve("data.duckdb");
        };
    }

    String classPath() {
        return ClassPath.only(this::needs);
    }

    /** False for a peer whose jar is not in the image. */
    boolean isThere() {
        return this == NODEDB
                || this == BARE_JVM
                || !ClassPath.only(jar -> jar.startsWith(artifact + "-")).isEmpty();
    }

    private boolean needs(String jar) {
        return switch (this) {
            case NODEDB -> PEERS.stream().noneMatch(jar::startsWith);
            case H2, SQLITE, DUCKDB ->
                    jar.startsWith(OWN_JAR)
                            || jar.startsWith(LOGGING)
                            || jar.startsWith(artifact + "-");
            case BARE_JVM -> jar.startsWith(OWN_JAR);
        };
    }
}
