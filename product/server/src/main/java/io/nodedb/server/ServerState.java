package io.nodedb.server;

import io.nodedb.Health;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.ownership.Shared;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the server can tell about itself, from before its database is open until after it is closed.
 *
 * <pre>
 *   STARTING ──► READY ──► DRAINING
 *       └─────────────────────▲
 * </pre>
 */
@Shared("volatile references; the server's thread writes")
public final class ServerState {
    private enum Phase {
        STARTING,
        READY,
        DRAINING
    }

    /**
     * What is told at {@code /health}.
     *
     * @param status one word
     * @param problems one sentence each
     * @param ready requests are answered
     */
    public record Report(String status, List<String> problems, boolean ready) {}

    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable EmbeddedDatabase database;

    /** The database answers from now on. */
    void ready(EmbeddedDatabase opened) {
        database = opened;
        phase = Phase.READY;
    }

    /** The server ends: it takes no new work. */
    void draining() {
        phase = Phase.DRAINING;
    }

    /** The server's state now. */
    public Report report() {
        EmbeddedDatabase opened = database;
        return switch (phase) {
            case STARTING -> new Report("starting", List.of("the database is recovering"), false);
            case DRAINING -> new Report("draining", List.of("the server is stopping"), false);
            case READY -> {
                Health health =
                        opened == null
                                ? new Health(Health.Status.CLOSED, List.of())
                                : opened.health();
                yield new Report(
                        health.status().name().toLowerCase(Locale.ROOT),
                        health.problems(),
                        health.canRead());
            }
        };
    }

    /** The database's metrics; null while there is no database. */
    public @Nullable MetricRegistry databaseMetrics() {
        EmbeddedDatabase opened = database;
        return opened == null ? null : opened.metrics();
    }
}
