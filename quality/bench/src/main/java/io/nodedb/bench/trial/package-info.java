/**
 * Runs what is measured, each contestant in a Java process of its own: so no contestant's code,
 * heap or compiled profile is in another's way, and each may have the flags that it needs. Entry
 * type: {@link io.nodedb.bench.trial.ForkedTrial}; what runs over there is a {@link
 * io.nodedb.bench.trial.Trial}.
 *
 * <p>To add one: implement {@link io.nodedb.bench.trial.Trial} with a public constructor without
 * arguments, and start it from a benchmark. It warms up, measures, checks every answer, and tells
 * its measurements.
 *
 * <p>{@link io.nodedb.bench.trial.ForkedTrial} belongs to the main thread; each trial says what
 * threads it has.
 */
@NullMarked
package io.nodedb.bench.trial;

import org.jspecify.annotations.NullMarked;
