/**
 * Benchmarks of NodeDB beside its peers: {@code ./bench NAME}. Entry type: {@link
 * io.nodedb.bench.Main}.
 *
 * <p>Every comparison runs its contestants side by side, in turn, each in a Java process of its
 * own, on the same data and with the same durability. Ratios are the result. Answers are checked; a
 * wrong one voids the contestant's time. To add a benchmark: a subclass of {@link
 * io.nodedb.bench.run.Benchmark} in a package of its name, named among the subcommands of {@link
 * io.nodedb.bench.Main}, and a section in {@code docs/benchmarks.md}.
 */
@NullMarked
package io.nodedb.bench;

import org.jspecify.annotations.NullMarked;
