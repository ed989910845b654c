package io.nodedb.server.resp.probe;

/** Where a server listens. */
public record Endpoint(String host, int port) {
    static final String LOOPBACK = "127.0.0.1";

    public static Endpoint local(int port) {
        return new Endpoint(LOOPBACK, port);
    }
}
