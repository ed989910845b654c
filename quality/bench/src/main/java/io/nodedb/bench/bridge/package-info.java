/**
 * Benchmark {@code bridge}: rings beside the queues of JCTools and Agrona, and the hop of a request
 * from a lane to a core and back, beside what the kernel takes for waking a thread. Entry type:
 * {@link io.nodedb.bench.bridge.BridgeBenchmark}.
 *
 * <p>A trial has two threads that only meet in what is measured: producer and consumer, or lane and
 * core.
 */
@NullMarked
package io.nodedb.bench.bridge;

import org.jspecify.annotations.NullMarked;
