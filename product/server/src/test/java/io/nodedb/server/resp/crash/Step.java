package io.nodedb.server.resp.crash;

import io.nodedb.server.resp.probe.Words;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What happens as a whole or not at all: one command, or several between MULTI and EXEC. */
final class Step {
    private final List<Words> commands;
    private final boolean transaction;

    /** When it was sent, and when it was answered or could not be any more. */
    long sentMillis;

    long settledMillis;

    private Step(List<Words> commands, boolean transaction) {
        this.commands = commands;
        this.transaction = transaction;
    }

    static Step command(String... words) {
        return new Step(List.of(Words.of(words)), false);
    }

    static Step transaction(List<Words> commands) {
        return new Step(List.copyOf(commands), true);
    }

    List<Words> commands() {
        return commands;
    }

    boolean isTransaction() {
        return transaction;
    }

    /** Every key that it names. */
    Set<String> keys() {
        return commands.stream()
                .flatMap(command -> OwnKeys.keysOf(command).stream())
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return (transaction ? "MULTI " : "") + commands + " sent at " + sentMillis;
    }
}
