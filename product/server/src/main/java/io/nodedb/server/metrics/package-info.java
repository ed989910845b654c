/**
 * What the server tells to Prometheus: {@link io.nodedb.server.metrics.MetricsText} writes a
 * database's {@link io.nodedb.base.metrics.MetricRegistry} in its formats, {@link
 * io.nodedb.server.metrics.ProcessMetrics} adds the Java process. Usable from every thread.
 */
@NullMarked
package io.nodedb.server.metrics;

import org.jspecify.annotations.NullMarked;
