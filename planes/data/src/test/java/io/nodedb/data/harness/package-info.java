/**
 * One or more whole data cores with a real log, rings, helpers and checkpoints, stepped by hand
 * under virtual time: {@link io.nodedb.data.harness.CoreHarness}. One thread plays everybody.
 */
@NullMarked
package io.nodedb.data.harness;

import org.jspecify.annotations.NullMarked;
