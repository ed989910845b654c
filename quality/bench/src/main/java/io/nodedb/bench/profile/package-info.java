/**
 * Where the time goes: recordings of JDK Flight Recorder as tables of self time. Entry types:
 * {@link io.nodedb.bench.profile.Recorder} makes a recording, of this process or another, {@link
 * io.nodedb.bench.profile.SelfTimes} prints one. Samples are taken by processor time (JEP 509), so
 * they count what a thread spends in system calls too, with the Java method that made the call; a
 * thread that sleeps has none. One thread uses each.
 */
@NullMarked
package io.nodedb.bench.profile;

import org.jspecify.annotations.NullMarked;
