/**
 * Commands of the key-value model (Redis's, version 7) as the key-value engine executes them:
 * {@link io.nodedb.plan.kv.command.Command} names them, {@link
 * io.nodedb.plan.kv.command.CommandCall} carries one to a core and its {@link
 * io.nodedb.plan.kv.command.Reply} back. The front end knows protocol and connection, the engine
 * what a command does.
 */
@NullMarked
package io.nodedb.plan.kv.command;

import org.jspecify.annotations.NullMarked;
