package io.nodedb.server.resp.differential;

import io.nodedb.server.resp.probe.Words;
import java.util.List;
import java.util.Locale;

/**
 * In what two servers may differ and both be right. This is the whole list: what is not in it is
 * compared byte by byte, the texts of errors included. Errors are compared so under every leeway.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
enum Leeway {
    NONE("the reply is the same, byte by byte"),

    ORDER(
            "the order of sets and hashes is nobody's promise: the same elements in any order",
            "SMEMBERS",
            "SINTER",
            "SUNION",
            "SDIFF",
            "HGETALL",
            "HKEYS",
            "HVALS",
            "KEYS"),

    CLOCK(
            "the servers get a command one after the other: times may differ by seconds",
            "TTL",
            "PTTL",
            "EXPIRETIME",
            "PEXPIRETIME"),

    ZERO(
            "whether a stored score of zero keeps its sign follows from how a server keeps the set",
            "ZSCORE",
            "ZMSCORE",
            "ZINCRBY",
            "ZADD",
            "ZRANGE",
            "ZREVRANGE",
            "ZRANGEBYSCORE",
            "ZREVRANGEBYSCORE",
            "ZPOPMIN",
            "ZPOPMAX",
            "ZMPOP",
            "BZPOPMIN",
            "BZPOPMAX",
            "BZMPOP",
            "ZUNION",
            "ZINTER",
            "ZDIFF"),

    CHOICE(
            "drawn at random: as many, of the same form, and all of them members",
            "SRANDMEMBER",
            "HRANDFIELD",
            "ZRANDMEMBER",
            "RANDOMKEY"),

    REMOVED_CHOICE("drawn at random and removed: as many, and all of them were members", "SPOP"),

    PAGES(
            "cursors and the sizes of pages are the server's own: a whole scan finds the same",
            "SCAN",
            "HSCAN",
            "SSCAN",
            "ZSCAN"),

    INSIDES(
            "tells how a server keeps a value: the form of the reply is the same",
            "OBJECT ENCODING",
            "OBJECT REFCOUNT",
            "OBJECT IDLETIME",
            "MEMORY USAGE");

    private final String reason;
    private final List<String> commands;

    Leeway(String reason, String... commands) {
        this.reason = reason;
        this.commands = List.of(commands);
    }

    String reason() {
        return reason;
    }

    static Leeway of(Words command) {
        List<String> words = command.words();
        String name = words.getFirst().toUpperCase(Locale.ROOT);
        if (name.equals("SORT") && words.contains("nosort")) {
            return ORDER;
        }
        String both = words.size() > 1 ? name + " " + words.get(1).toUpperCase(Locale.ROOT) : name;
        for (Leeway leeway : values()) {
            if (leeway.commands.contains(name) || leeway.commands.contains(both)) {
                return leeway;
            }
        }
        return NONE;
    }
}
