/**
 * Deterministic simulation of the whole database: the real planes, engine and log on one thread,
 * under virtual time, a seeded scheduler and a disk that loses, tears and fails. Entry type: {@link
 * io.nodedb.simulator.DatabaseSimulation}; {@link io.nodedb.simulator.SimulationPlan} says what a
 * seed does.
 *
 * <pre>
 *   DatabaseSimulation ─ one SimulatedLife after the other on one SimulatedDisk
 *       SimulatedLife   ─ a Kernel, its parts stepped in random order, and the actors:
 *                         KeyValueActor, TransactionActor, FeedActor
 *       CommittedHistory ─ what the change feed told: every version of every key
 *       Acknowledgements ─ what the actors were told; checked against the history
 * </pre>
 *
 * <p>A seed replays exactly. To add an actor, extend {@link io.nodedb.simulator.Actor} and create
 * it in {@code DatabaseSimulation}.
 *
 * <p>Thread rule: one thread, the test's.
 */
@NullMarked
package io.nodedb.simulator;

import org.jspecify.annotations.NullMarked;
