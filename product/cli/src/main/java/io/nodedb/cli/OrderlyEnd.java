package io.nodedb.cli;

import io.nodedb.base.ownership.Shared;
import io.nodedb.server.NodeDbServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the process is told to end (SIGTERM, SIGINT): the server drains, and the exit
 * code is 0. The platform alone would end with 143, which a supervisor takes for a failure.
 *
 * <p>Draining that takes longer than the limit is given up, with exit code 1; nothing that was
 * acknowledged is lost by that.
 */
@Shared("a volatile reference; the platform runs the hook once")
final class OrderlyEnd {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Logger LOG = System.getLogger(OrderlyEnd.class.getName());

    private final Thread hook = new Thread(this::end, "orderly-end");
    private volatile @Nullable NodeDbServer server;

    private OrderlyEnd() {}

    static OrderlyEnd install() {
        OrderlyEnd end = new OrderlyEnd();
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /** What is to be drained; before there is any, ending loses nothing. */
    void server(NodeDbServer running) {
        server = running;
    }

    /** The process ends for another reason, with that one's exit code. */
    void uninstall() {
        try {
            boolean ignored = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It was told to end meanwhile: the hook runs.
            return;
        }
    }

    private void end() {
        Runtime.getRuntime().halt(drain());
    }

    private int drain() {
        NodeDbServer running = server;
        if (running == null) {
            return ExitCode.OK;
        }
        LOG.log(Level.INFO, "stopping: finishing what runs");
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(running::close);
        try {
            if (closing.join(LIMIT)) {
                LOG.log(Level.INFO, "stopped");
                return ExitCode.OK;
            }
            LOG.log(Level.ERROR, "stopping took too long and is given up: limit=" + LIMIT);
        } catch (InterruptedException e) {
            LOG.log(Level.ERROR, "stopping was interrupted and is given up");
        }
        return ExitCode.FAILED;
    }
}
