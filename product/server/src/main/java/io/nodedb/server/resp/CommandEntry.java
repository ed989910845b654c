package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command by its name.
 *
 * @param name in lower case, as messages tell it
 * @param arity arguments with the name: exactly so many, or, negative, at least
 * @param engine what a core executes, or null
 * @param local what the connection does, or null; of a command that has both, the engine's part is
 *     what is done between MULTI and EXEC
 */
@Immutable
@SuppressWarnings("Immutable") // commands are stateless functions
record CommandEntry(
        String name,
        int arity,
        @Nullable Command engine,
        @Nullable ConnectionCommand local,
        Set<Flag> flags) {
    /** What is special about a command. */
    enum Flag {
        /** Allowed before the client has told its password. */
        NO_AUTH,
        /** Done at once between MULTI and EXEC, not queued. */
        NOT_QUEUED,
        /** Refused between MULTI and EXEC. */
        NOT_IN_MULTI,
        /** Allowed to RESP2 clients that have subscriptions. */
        WHILE_SUBSCRIBED,
        /** Not told to MONITOR. */
        SECRET,
        /** Its first argument says what it does. */
        SUBCOMMANDS
    }

    static CommandEntry of(Command command) {
        return new CommandEntry(
                command.commandName().toLowerCase(java.util.Locale.ROOT),
                command.arity(),
                command,
                command.mayWait()
                        ? (connection, input) -> BlockedCommand.run(connection, command, input)
                        : null,
                Set.of());
    }

    static CommandEntry local(String name, int arity, ConnectionCommand command, Flag... flags) {
        return new CommandEntry(name, arity, null, command, Set.of(flags));
    }

    boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /** {@code count} with the name. */
    boolean accepts(int count) {
        return arity >= 0 ? count == arity : count >= -arity;
    }
}
