/**
 * The way of a call to its core and back. Entry type: {@link
 * io.nodedb.control.dispatch.Dispatcher}. {@link io.nodedb.control.dispatch.Router} says which
 * core; {@link io.nodedb.control.dispatch.Exchange} is one call under way with its envelope and
 * answer.
 *
 * <pre>
 *   caller ── Exchange ──► CallSender (shared lane) ──► core
 *      ▲                                                 │
 *      └── wait, or a stage ◄── lane-shared thread ◄─────┘
 * </pre>
 *
 * <p>A thread with a lane of its own sends exchanges over that by {@link
 * io.nodedb.control.dispatch.LaneSender}.
 *
 * <p>Thread rule: Dispatcher and Router are callable from every thread. An Exchange belongs to its
 * caller until it is sent, to the lane while it is under way, and to whom the lane thread hands it
 * with the answer. Asynchronous stages complete on thread {@code lane-shared}: what depends on them
 * must be short and must not wait for the database (a wait from there is refused); longer work goes
 * to an executor of the caller's with the {@code …Async} methods.
 */
@NullMarked
package io.nodedb.control.dispatch;

import org.jspecify.annotations.NullMarked;
