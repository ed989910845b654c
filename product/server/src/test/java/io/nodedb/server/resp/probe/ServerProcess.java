package io.nodedb.server.resp.probe;

import io.nodedb.testkit.ForkedJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The server under test, in a process of its own. The system property {@link #PROPERTY} puts
 * another in its place, to see whether a test is right before it judges us: {@code redis} starts a
 * real one, {@code host:port} takes one that runs already (and is emptied by the tests).
 */
public final class ServerProcess implements AutoCloseable {
    /** Which server is tested: {@code nodedb} (default), {@code redis} or {@code host:port}. */
    public static final String PROPERTY = "nodedb.resp.server";

    /** Little, so that memory which is set aside for a client's promise is missed. */
    private static final List<String> JVM_FLAGS = List.of("-Xmx512m");

    private final Endpoint endpoint;
    private final AutoCloseable process;
    private final long pid;

    private ServerProcess(Endpoint endpoint, AutoCloseable process, long pid) {
        this.endpoint = endpoint;
        this.process = process;
        this.pid = pid;
    }

    /** Starts the server with its files in {@code folder}; returns when it accepts connections. */
    public static ServerProcess start(Path folder) {
        String server = System.getProperty(PROPERTY, "nodedb");
        return switch (server) {
            case "nodedb" -> startNodeDb(folder.toString());
            case "redis" -> {
                RedisProcess redis = RedisProcess.start(folder);
                yield new ServerProcess(redis.endpoint(), redis, 0);
            }
            default -> {
                String[] parts = server.split(":", -1);
                Endpoint running = new Endpoint(parts[0], Integer.parseInt(parts[1]));
                yield new ServerProcess(running, () -> {}, 0);
            }
        };
    }

    /** Starts our server, whatever is under test, with so many partitions on two cores. */
    public static ServerProcess startPartitioned(Path folder, int partitions) {
        return startWith(folder, "data_cores=2", "partitions=" + partitions);
    }

    /** Starts our server, whatever is under test, with settings as {@code name=value}. */
    public static ServerProcess startWith(Path folder, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.addFirst(folder.toString());
        return startNodeDb(arguments.toArray(String[]::new));
    }

    /** Starts our server, whatever is under test, in a process with these flags. */
    public static ServerProcess startNodeDb(List<String> jvmFlags, Path folder) {
        return startNodeDb(jvmFlags, new String[] {folder.toString()});
    }

    private static ServerProcess startNodeDb(String... arguments) {
        return startNodeDb(JVM_FLAGS, arguments);
    }

    private static ServerProcess startNodeDb(List<String> jvmFlags, String[] arguments) {
        ForkedJvm jvm = ForkedJvm.start(jvmFlags, ServedDatabase.class, arguments);
        String ready = jvm.readLine();
        if (ready == null) {
            int status = jvm.waitFor();
            throw new AssertionError("exit status " + status + ": " + jvm.stderr());
        }
        return new ServerProcess(Endpoint.local(Integer.parseInt(ready)), jvm, jvm.pid());
    }

    /** True when the server under test is ours, whose replies may differ where a table says so. */
    public static boolean isNodeDb() {
        return System.getProperty(PROPERTY, "nodedb").equals("nodedb");
    }

    /** Of our own process; 0 of others. */
    public long pid() {
        return pid;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Ends the process at once, as {@code kill -9} does. */
    @Override
    public void close() {
        try {
            process.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
