/**
 * What the tests of every module above {@code base} share. Entry types: {@link
 * io.nodedb.testkit.LongForm} (how much a suite does), {@link io.nodedb.testkit.SeededRuns} (seeds,
 * and how to replay one), {@link io.nodedb.testkit.ForkedJvm} (a real process to kill), {@link
 * io.nodedb.testkit.VirtualTime} (time under the test's control).
 *
 * <p>It depends on nothing of NodeDB but {@code base}, so that a test of any other module can
 * depend on it. Unless a type says otherwise, the test's own thread owns it.
 */
@NullMarked
package io.nodedb.testkit;

import org.jspecify.annotations.NullMarked;
