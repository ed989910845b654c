package io.nodedb.server.resp.probe;

import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerConfiguration;
import java.util.HashMap;
import java.util.Map;

/**
 * A process that serves the database in the directory given, with settings as {@code name=value},
 * and says on which RESP port.
 */
final class ServedDatabase {
    private ServedDatabase() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> flags = new HashMap<>();
        flags.putAll(Map.of("data", arguments[0], "http", "off", "resp", "0"));
        for (int i = 1; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            flags.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        NodeDbServer server = NodeDbServer.start(ServerConfiguration.read(flags, Map.of(), null));
        System.out.println(server.respAddress().getPort());
        server.awaitClosed();
    }
}
