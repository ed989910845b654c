/**
 * What all benchmarks share: options, the order of a run, the printed report. Entry type: {@link
 * io.nodedb.bench.run.Benchmark}. Everything here runs on the main thread.
 */
@NullMarked
package io.nodedb.bench.run;

import org.jspecify.annotations.NullMarked;
