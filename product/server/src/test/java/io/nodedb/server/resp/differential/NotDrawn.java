package io.nodedb.server.resp.differential;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Commands of the server that the random comparison leaves out, each with the reason. */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
enum NotDrawn {
    UNKNOWN_THERE(
            "Redis 7.0 has no expiry of fields",
            "HEXPIRE",
            "HPEXPIRE",
            "HEXPIREAT",
            "HPEXPIREAT",
            "HTTL",
            "HPTTL",
            "HEXPIRETIME",
            "HPEXPIRETIME",
            "HPERSIST"),

    COUNTS_EXPIRED(
            "counts what has expired until the server finds it, each at its own time", "DBSIZE"),

    EMPTIES("would leave the commands that follow nothing to meet on", "FLUSHDB", "FLUSHALL"),

    ENDS("ends the connection, or what the comparison has set up on it", "QUIT", "RESET", "HELLO"),

    PUSHES(
            "replies come whenever others do something; client libraries are tested on them",
            "SUBSCRIBE",
            "PSUBSCRIBE",
            "UNSUBSCRIBE",
            "PUNSUBSCRIBE",
            "MONITOR"),

    OF_THE_SERVER(
            "tells of or sets the server itself, its clients, its clock and its commands",
            "CLIENT",
            "CONFIG",
            "COMMAND",
            "INFO",
            "TIME",
            "LASTSAVE",
            "SAVE",
            "BGSAVE",
            "BGREWRITEAOF",
            "SLOWLOG",
            "LATENCY",
            "ACL",
            "DEBUG"),

    IN_TRANSACTIONS("drawn by RandomTransactions", "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH");

    private final String reason;
    private final List<String> commands;

    NotDrawn(String reason, String... commands) {
        this.reason = reason;
        this.commands = List.of(commands);
    }

    String reason() {
        return reason;
    }

    /** All of them, in upper case. */
    static List<String> names() {
        return Arrays.stream(values()).flatMap(NotDrawn::commands).toList();
    }

    private static Stream<String> commands(NotDrawn group) {
        return group.commands.stream();
    }
}
