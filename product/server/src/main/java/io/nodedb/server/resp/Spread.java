package io.nodedb.server.resp;

import io.nodedb.plan.kv.command.Command;

/** Runs a command whose keys live in several partitions. */
interface Spread {
    /** Replies once, now or later. @return false when a core has no room: to be run again */
    boolean run(RespConnection connection, Command command, CommandInput input);
}
