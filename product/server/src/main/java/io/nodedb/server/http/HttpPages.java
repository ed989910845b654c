package io.nodedb.server.http;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.metrics.SharedCounter;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.server.ServerState;
import io.nodedb.server.metrics.MetricsText;
import io.nodedb.server.metrics.ProcessMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What stands at which path. */
@ControlPlane
final class HttpPages {
    private final ServerState state;
    private final BasicAuthorization authorization;
    private final MetricRegistry own = new MetricRegistry();
    private final SharedCounter requests = new SharedCounter();
    private final Map<String, Function<FullHttpRequest, Page>> pages =
            Map.of(
                    "/health", request -> health(),
                    "/health/ready", request -> ready(),
                    "/metrics", this::metrics);
    private @Nullable MetricRegistry process;

    HttpPages(ServerState state, BasicAuthorization authorization) {
        this.state = state;
        this.authorization = authorization;
        SharedCounter _ =
                own.register("nodedb_http_requests", "", "HTTP requests answered.", requests);
        Gauge _ =
                own.register(
                        "nodedb_ready",
                        "",
                        "1 when requests are answered.",
                        new Gauge(() -> state.report().ready() ? 1 : 0));
    }

    /** The page for a path; null when there is none. */
    @Nullable Function<FullHttpRequest, Page> find(FullHttpRequest request) {
        requests.increment();
        return pages.get(new QueryStringDecoder(request.uri()).path());
    }

    private Page health() {
        ServerState.Report report = state.report();
        return Page.json(
                statusOf(report), new Health(report.status(), List.copyOf(report.problems())));
    }

    private Page ready() {
        ServerState.Report report = state.report();
        return Page.json(statusOf(report), new Readiness(report.ready(), report.status()));
    }

    private static HttpResponseStatus statusOf(ServerState.Report report) {
        return report.ready() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    }

    private Page metrics(FullHttpRequest request) {
        if (!authorization.admits(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return Page.error(
                    HttpResponseStatus.UNAUTHORIZED,
                    "the password is asked for: user=" + BasicAuthorization.USER);
        }
        if (process == null) {
            process = ProcessMetrics.create();
        }
        List<MetricRegistry> registries = new ArrayList<>(List.of(own, process));
        MetricRegistry database = state.databaseMetrics();
        if (database != null) {
            registries.add(database);
        }
        MetricsText.Page page =
                MetricsText.write(request.headers().get(HttpHeaderNames.ACCEPT), registries);
        return new Page(HttpResponseStatus.OK, page.contentType(), page.body());
    }

    /** The body of {@code /health}. */
    record Health(String status, List<String> problems) {}

    /** The body of {@code /health/ready}. */
    record Readiness(boolean ready, String status) {}
}
