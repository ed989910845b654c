package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

import java.util.List;

/** How arguments of the commands of keys, whatever their type, are drawn. */
final class KeyCommands {
    private final Draw draw;

    private KeyCommands(Draw draw) {
        this.draw = draw;
    }

    static void addTo(CommandTable table, Draw draw) {
        KeyCommands commands = new KeyCommands(draw);
        commands.addPresence(table);
        commands.addExpiry(table);
        commands.addPlaces(table);
        commands.addSort(table);
    }

    private void addPresence(CommandTable table) {
        table.add(5, "DEL", () -> words(draw.times(1 + draw.below(2), draw::key)));
        table.add(2, "UNLINK", () -> words(draw.oneIn(10) ? "lex0" : draw.key()));
        table.add(2, "EXISTS", () -> words(draw.several(draw::key)));
        table.add(1, "TOUCH", () -> words(draw.several(draw::key)));
        table.add(2, "TYPE", () -> words(draw.key()));
        table.add(1, "OBJECT ENCODING", () -> words(draw.key()));
        table.add(1, "OBJECT REFCOUNT", () -> words(draw.key()));
        table.add(1, "OBJECT IDLETIME", () -> words(draw.key()));
        table.add(1, "OBJECT FREQ", () -> words(draw.key()));
        table.add(1, "MEMORY USAGE", () -> words(draw.key(), draw.maybe(3, this::samples)));
        table.add(
                1, "KEYS", () -> words(draw.oneOf("*", "k1*", "k[0-3]?", "k[^1]", "nothing", "")));
        table.add(1, "SCAN", () -> words(cursor(), draw.maybe(2, this::scanOptions)));
        table.add(1, "RANDOMKEY", () -> words());
    }

    private List<String> samples() {
        return List.of(draw.option("SAMPLES", "BAD"), draw.count());
    }

    /** Only a scan's begin is the same everywhere. */
    private String cursor() {
        return draw.oneIn(10) ? draw.oneOf("abc", "", "-1", "1.5") : "0";
    }

    private List<String> scanOptions() {
        return draw.options(
                List.of(
                        List.of(draw.option("MATCH"), draw.oneOf("k1*", "*", "l?x*", "k[12]", "")),
                        List.of(draw.option("COUNT"), draw.count()),
                        List.of(
                                draw.option("TYPE"),
                                draw.oneOf("string", "hash", "ZSET", "odd", ""))));
    }

    private void addExpiry(CommandTable table) {
        table.add(4, "EXPIRE", () -> words(draw.key(), draw.seconds(), condition()));
        table.add(2, "PEXPIRE", () -> words(draw.key(), draw.millis(), condition()));
        table.add(2, "EXPIREAT", () -> words(draw.key(), draw.unixSeconds(), condition()));
        table.add(2, "PEXPIREAT", () -> words(draw.key(), draw.unixMillis(), condition()));
        table.add(2, "TTL", () -> words(draw.key()));
        table.add(2, "PTTL", () -> words(draw.key()));
        table.add(1, "EXPIRETIME", () -> words(draw.key()));
        table.add(1, "PEXPIRETIME", () -> words(draw.key()));
        table.add(2, "PERSIST", () -> words(draw.key()));
    }

    private List<String> condition() {
        return switch (draw.below(6)) {
            case 0 -> List.of(draw.option("NX", "XX", "GT", "LT"));
            case 1 -> draw.times(2, () -> draw.option("NX", "XX", "GT", "LT", "BAD"));
            default -> List.of();
        };
    }

    private void addPlaces(CommandTable table) {
        table.add(3, "RENAME", () -> words(draw.key(), draw.key()));
        table.add(2, "RENAMENX", () -> words(draw.key(), draw.key()));
        table.add(2, "MOVE", () -> words(draw.key(), database()));
        table.add(3, "COPY", () -> words(draw.key(), draw.key(), copyOptions()));
    }

    private List<String> copyOptions() {
        return draw.oneIn(8)
                ? List.of(draw.option("REPLACE", "BAD", "DB"))
                : draw.options(
                        List.of(
                                List.of(draw.option("REPLACE")),
                                List.of(draw.option("DB"), database())));
    }

    private String database() {
        return draw.oneOf("0", "1", "1", "1", "2", "-1", "99999", "x", "3000000000", "");
    }

    private void addSort(CommandTable table) {
        table.add(4, "SORT", () -> words(draw.key(), sortOptions(), draw.maybe(3, this::store)));
        table.add(
                3,
                "SORT",
                () -> words(draw.key(), "ALPHA", sortOptions(), draw.maybe(3, this::store)));
        table.add(1, "SORT", () -> words(draw.key(), "BY", "nosort", draw.maybe(2, this::get)));
        table.add(
                1,
                "SORT",
                () ->
                        words(
                                draw.key(),
                                "BY",
                                draw.oneOf("k*", "k*->m1"),
                                draw.maybe(2, this::get)));
        table.add(1, "SORT_RO", () -> words(draw.key(), sortOptions()));
    }

    private List<String> get() {
        return List.of(draw.option("GET"), draw.oneOf("#", "k*", "k*->m1", "none"));
    }

    private List<String> store() {
        return List.of(draw.option("STORE"), draw.key());
    }

    private List<String> sortOptions() {
        return draw.options(
                List.of(
                        List.of(draw.option("ALPHA")),
                        List.of(draw.option("LIMIT"), draw.index(), draw.index()),
                        List.of(draw.option("ASC", "DESC", "BAD")),
                        List.of(draw.option("GET"), draw.oneOf("#", "k*", "k*->m1", "none")),
                        List.of(draw.option("GET"), draw.oneOf("#", "k*"))));
    }
}
