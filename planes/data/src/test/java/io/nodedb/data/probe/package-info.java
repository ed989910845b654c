/**
 * A small real engine for the core's tests: {@link io.nodedb.data.probe.ProbeEngine} keeps
 * everything in heap maps and fulfils the whole contract; {@link io.nodedb.data.probe.FaultyEngine}
 * around it fails, yields or waits where it is told to. Owned by the test's thread.
 */
@NullMarked
package io.nodedb.data.probe;

import org.jspecify.annotations.NullMarked;
