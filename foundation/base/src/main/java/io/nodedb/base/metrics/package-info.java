/**
 * Numbers about the running database. A component owns its {@link io.nodedb.base.metrics.Counter},
 * {@link io.nodedb.base.metrics.Histogram} or {@link io.nodedb.base.metrics.Gauge}, updates it on
 * its own thread at the price of a plain store, and registers it in a {@link
 * io.nodedb.base.metrics.MetricRegistry}, which any thread may read.
 */
@NullMarked
package io.nodedb.base.metrics;

import org.jspecify.annotations.NullMarked;
