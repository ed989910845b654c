/**
 * Bringing engines back: checkpoint, then the log from what it covers. {@link
 * io.nodedb.data.recovery.EngineLoader} does it for the engines of a core at start, and for a
 * single engine that has to be rebuilt. Runs on the thread that opens or on a background worker;
 * the engines are handed to their core afterwards.
 */
@NullMarked
package io.nodedb.data.recovery;

import org.jspecify.annotations.NullMarked;
