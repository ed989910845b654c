/**
 * The {@code nodedb} command. {@link io.nodedb.cli.NodeDbCommand} is the entry; each subcommand is
 * one class that says by its annotations what it takes.
 *
 * <p>To add a subcommand: write a class {@code XCommand implements Callable<Integer>} with
 * {@code @Command}, and name it among the subcommands of {@link io.nodedb.cli.NodeDbCommand}. It
 * writes its result to the command line's standard output, returns its {@link
 * io.nodedb.cli.ExitCode}, and throws {@link io.nodedb.base.errors.NodeDbException} for what the
 * user has to hear.
 *
 * <p>Everything here runs on the main thread.
 */
@NullMarked
package io.nodedb.cli;

import org.jspecify.annotations.NullMarked;
