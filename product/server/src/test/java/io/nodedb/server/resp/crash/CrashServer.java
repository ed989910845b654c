package io.nodedb.server.resp.crash;

import io.nodedb.Durability;
import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.Placement;
import io.nodedb.server.ServerSettings;
import java.io.IOException;
import java.time.Duration;

/**
 * The process that is killed: serves the database of a directory, with numbers so small that
 * segments and checkpoints come many times in a second. A line on standard input makes it close the
 * database and end.
 */
final class CrashServer {
    static final String OPENING = "OPENING";
    static final int PARTITIONS = 3;

    private CrashServer() {}

    /** Arguments: directory, cores, placement, durability. Says {@link #OPENING}, then its port. */
    public static void main(String[] arguments) throws IOException {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, arguments[0])
                        .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                        .with(ServerSettings.RESP, 0)
                        .with(ServerSettings.PLACEMENT, Placement.valueOf(arguments[2]))
                        .with(ServerSettings.DURABILITY, Durability.valueOf(arguments[3]))
                        .with(RuntimeSettings.PARTITIONS, PARTITIONS)
                        .with(RuntimeSettings.DATA_CORES, Integer.parseInt(arguments[1]))
                        .with(RuntimeSettings.EVENT_LOOPS, 2)
                        .with(EventSettings.EVENT_RING, 8)
                        .with(WalSettings.WAL_SEGMENT, 256L << 10)
                        .with(WalSettings.WAL_RING, 64L << 10)
                        .with(WalSettings.WAL_GROUP, 64L << 10)
                        .with(WalSettings.CHECKPOINT_INTERVAL, Duration.ofMillis(100));
        tell(OPENING);
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            tell(Integer.toString(server.respAddress().getPort()));
            while (System.in.read() != '\n') {
                // the word does not matter
            }
        }
    }

    @SuppressWarnings("SystemOut") // this is how it speaks
    private static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
