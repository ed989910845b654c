package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.List;

/** {@code MONITOR}: a client is told every command of every client. */
@Immutable
final class MonitorFamily {
    private MonitorFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("monitor", 1, MonitorFamily::monitor, Flag.NOT_IN_MULTI));
    }

    private static void monitor(RespConnection connection, CommandInput input) {
        connection.replyOk();
        Monitors monitors = connection.server().monitors();
        monitors.add(connection);
        connection.state().atEnd(() -> monitors.remove(connection));
    }
}
