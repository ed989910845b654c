package io.nodedb.server.resp.probe;

import java.nio.file.Path;

/**
 * The server under test, in a process of its own. The system property {@link #PROPERTY} puts
 * another in its place, to see whether a test is right before it judges us: {@code redis} starts a
 * real one, {@code host:port} takes one that runs already (and is emptied by the tests).
 */
public final class ServerProcess implements AutoCloseable {
    /** Which server is tested: {@code nodedb} (default), {@code redis} or {@code host:port}. */
    public static final String PROPERTY = "nodedb.resp.server";

    private final Endpoint endpoint;
    private final AutoCloseable process;

    private ServerProcess(Endpoint endpoint, AutoCloseable process) {
        this.endpoint = endpoint;
        this.process = process;
    }

    /** Starts the server with its files in {@code folder}; returns when it accepts connections. */
    public static ServerProcess start(Path folder) {
        String server = System.getProperty(PROPERTY, "nodedb");
        return switch (server) {
            case "nodedb" -> startNodeDb(folder);
            case "redis" -> {
                RedisProcess redis = RedisProcess.start(folder);
                yield new ServerProcess(redis.endpoint(), redis);
            }
            default -> {
                String[] parts = server.split(":", -1);
                Endpoint running = new Endpoint(parts[0], Integer.parseInt(parts[1]));
                yield new ServerProcess(running, () -> {});
            }
        };
    }

    private static ServerProcess startNodeDb(Path folder) {
        throw new UnsupportedOperationException("no server yet: folder=" + folder);
    }

    /** True when the server under test is ours, whose replies may differ where a table says so. */
    public static boolean isNodeDb() {
        return System.getProperty(PROPERTY, "nodedb").equals("nodedb");
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
