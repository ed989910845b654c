package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Commands whose times are told together. */
@Immutable
enum LatencyFamily {
    STRING,
    BIT,
    KEY,
    HASH,
    SET,
    LIST,
    ZSET,
    /** From EXEC on, however many commands there are. */
    TRANSACTION;

    private static final Map<Command, LatencyFamily> BY_COMMAND = byCommand();

    private static Map<Command, LatencyFamily> byCommand() {
        EnumMap<Command, LatencyFamily> families = new EnumMap<>(Command.class);
        for (Command command : Command.values()) {
            families.put(command, byNumber(command));
        }
        return families;
    }

    /** A command's number is stable, and its hundreds tell its family. */
    private static LatencyFamily byNumber(Command command) {
        return switch (command.number() / 100) {
            case 10 -> STRING;
            case 11 -> BIT;
            case 12 -> KEY;
            case 13 -> HASH;
            case 14 -> SET;
            case 15 -> LIST;
            case 16 -> ZSET;
            default -> throw new IllegalStateException("command of no family: " + command);
        };
    }

    static LatencyFamily of(Command command) {
        LatencyFamily family = BY_COMMAND.get(command);
        if (family == null) {
            throw new IllegalStateException("command of no family: " + command);
        }
        return family;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
