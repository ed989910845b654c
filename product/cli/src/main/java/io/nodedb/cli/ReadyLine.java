package io.nodedb.cli;

import io.nodedb.server.NodeDbServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The one line that says that a server is ready, and how to connect. */
final class ReadyLine {
    private static final double NANOS_PER_SECOND = 1e9;

    private ReadyLine() {}

    static String of(NodeDbServer server, long nanos) {
        List<String> parts = new ArrayList<>();
        InetSocketAddress resp = server.respAddress();
        if (resp != null) {
            parts.add("redis-cli" + hostOption(resp) + " -p " + resp.getPort());
        }
        InetSocketAddress http = server.httpAddress();
        if (http != null) {
            parts.add("http://" + hostOf(http) + ":" + http.getPort() + "/health");
        }
        parts.add("data=" + server.data().toAbsolutePath().normalize());
        parts.add(String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND));
        return "nodedb ready: " + String.join(", ", parts);
    }

    /** What redis-cli takes by itself is left out. */
    private static String hostOption(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return host.isLoopbackAddress() || host.isAnyLocalAddress()
                ? ""
                : " -h " + host.getHostAddress();
    }

    /** An address that can be connected to: who listens everywhere is found here. */
    private static String hostOf(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        String text = host.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
