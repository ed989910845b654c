/**
 * A real process under load is killed at random moments, again and again, and its database compared
 * with what it had acknowledged. Entry type: {@link io.nodedb.crash.CrashIT}; the killed process
 * runs {@link io.nodedb.crash.CrashChild} and tells each step before and after it is done, line by
 * line ({@link io.nodedb.crash.Line}); {@link io.nodedb.crash.CrashModel} is what must be there.
 * Under {@link io.nodedb.crash.UnsyncedDisk} the kill is a loss of power.
 *
 * <p>Thread rule: CrashChild has a thread for each actor and one for the feed; the rest is one
 * thread's.
 */
@NullMarked
package io.nodedb.crash;

import org.jspecify.annotations.NullMarked;
