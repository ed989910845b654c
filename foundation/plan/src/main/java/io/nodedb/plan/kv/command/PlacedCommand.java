package io.nodedb.plan.kv.command;

/**
 * A command of a batch and the partition that holds all its keys. The call moves with the batch and
 * comes back with its reply.
 */
public record PlacedCommand(int partition, CommandCall call) {}
