package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All commands by name, found by the bytes that a client sent, in letters of either case, without
 * making a string. Open addressing; at most a quarter of the places is used.
 */
@Immutable
@SuppressWarnings("Immutable") // the arrays are filled by the constructor only
final class CommandTable {
    private static final int LONGEST_NAME = 32;
    private static final int LEAST_PLACES = 1024;

    private final @Nullable CommandEntry[] entries;
    private final byte[][] names;
    private final int mask;
    private final TreeMap<String, CommandEntry> byName = new TreeMap<>();

    CommandTable(Collection<CommandEntry> all) {
        int places = Math.max(LEAST_PLACES, Integer.highestOneBit(all.size()) << 3);
        entries = new CommandEntry[places];
        names = new byte[places][];
        mask = places - 1;
        all.forEach(this::add);
    }

    /**
     * The engine's commands and those of the connection's families; subcommands and one partition's
     * parts are no commands of their own.
     */
    static CommandTable of(List<List<CommandEntry>> families) {
        List<CommandEntry> all = new java.util.ArrayList<>();
        for (Command command : Command.values()) {
            if (command.keys().first() > 0 && !command.commandName().contains(" ")) {
                all.add(CommandEntry.of(command));
            }
        }
        families.forEach(all::addAll);
        return new CommandTable(all);
    }

    private void add(CommandEntry entry) {
        byte[] name = entry.name().getBytes(StandardCharsets.US_ASCII);
        int hash = 0;
        for (byte letter : name) {
            hash = 31 * hash + letter;
        }
        int at = spread(hash);
        while (entries[at] != null) {
            at = (at + 1) & mask;
        }
        entries[at] = entry;
        names[at] = name;
        byName.put(entry.name(), entry);
    }

    private int spread(int hash) {
        return (hash ^ hash >>> 15) & mask;
    }

    /** The command of this name, or null. */
    @Nullable CommandEntry find(ByteBuf in, int from, int length) {
        if (length > LONGEST_NAME) {
            return null;
        }
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + lower(in.getByte(from + i));
        }
        for (int at = spread(hash); entries[at] != null; at = (at + 1) & mask) {
            if (matches(names[at], in, from, length)) {
                return entries[at];
            }
        }
        return null;
    }

    /** The command of a name in lower case, or null. */
    @Nullable CommandEntry named(String name) {
        return byName.get(name);
    }

    /** All commands by name. */
    Collection<CommandEntry> all() {
        return byName.values();
    }

    private static boolean matches(byte[] name, ByteBuf in, int from, int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != lower(in.getByte(from + i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }
}
