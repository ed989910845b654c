/**
 * What a benchmark says in the end: measurements become rows with median, spread and ratio, goals
 * become verdicts. Entry type: {@link io.nodedb.bench.report.Comparison}.
 *
 * <p>Everything here runs on the main thread.
 */
@NullMarked
package io.nodedb.bench.report;

import org.jspecify.annotations.NullMarked;
