package io.nodedb.server.resp.probe;

import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerConfiguration;
import java.util.HashMap;
import java.util.Map;

/**
 * A process that serves the database in the directory given, and says on which RESP port. A second
 * argument is the number of partitions, on two cores.
 */
final class ServedDatabase {
    private ServedDatabase() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> flags = new HashMap<>();
        flags.putAll(Map.of("data", arguments[0], "http", "off", "resp", "0"));
        if (arguments.length > 1) {
            flags.putAll(Map.of("data_cores", "2", "partitions", arguments[1]));
        }
        NodeDbServer server = NodeDbServer.start(ServerConfiguration.read(flags, Map.of(), null));
        System.out.println(server.respAddress().getPort());
        server.awaitClosed();
    }
}
