package io.nodedb.server.resp.probe;

import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerConfiguration;
import java.util.Map;

/** A process that serves the database in the directory given, and says on which RESP port. */
final class ServedDatabase {
    private ServedDatabase() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> flags = Map.of("data", arguments[0], "http", "off", "resp", "0");
        NodeDbServer server = NodeDbServer.start(ServerConfiguration.read(flags, Map.of(), null));
        System.out.println(server.respAddress().getPort());
        server.awaitClosed();
    }
}
