/**
 * Benchmark {@code startup}: from a cold JVM to the first row, beside H2, SQLite and DuckDB;
 * recovery from a long log; what an idle database costs. Entry type: {@link
 * io.nodedb.bench.startup.StartupBenchmark}; the other types with a main method run in processes of
 * their own.
 *
 * <p>To add a peer: a line in {@link io.nodedb.bench.startup.StartContestant}.
 */
@NullMarked
package io.nodedb.bench.startup;

import org.jspecify.annotations.NullMarked;
