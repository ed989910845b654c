package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

import java.util.List;

/** How arguments of the commands of sets are drawn. */
final class SetCommands {
    private final Draw draw;

    private SetCommands(Draw draw) {
        this.draw = draw;
    }

    static void addTo(CommandTable table, Draw draw) {
        SetCommands commands = new SetCommands(draw);
        commands.addMembers(table);
        commands.addAlgebra(table);
    }

    private void addMembers(CommandTable table) {
        table.add(14, "SADD", () -> words(draw.key(), draw.several(this::member)));
        table.add(5, "SREM", () -> words(draw.key(), draw.several(this::member)));
        table.add(2, "SISMEMBER", () -> words(draw.key(), member()));
        table.add(2, "SMISMEMBER", () -> words(draw.key(), draw.several(this::member)));
        table.add(2, "SCARD", () -> words(draw.key()));
        table.add(2, "SMEMBERS", () -> words(draw.key()));
        table.add(3, "SPOP", () -> words(draw.key(), draw.maybe(2, () -> List.of(draw.count()))));
        table.add(2, "SRANDMEMBER", () -> words(draw.key(), draw.maybe(2, this::randomCount)));
        table.add(3, "SMOVE", () -> words(draw.key(), draw.key(), member()));
        table.add(2, "SSCAN", () -> words(draw.key(), cursor(), draw.maybe(2, this::scanOptions)));
    }

    private String member() {
        return draw.oneIn(3) ? draw.fewMember() : draw.member();
    }

    private List<String> randomCount() {
        return List.of(
                draw.oneIn(3)
                        ? draw.oneOf("-5", "-20", "0", "-9223372036854775808")
                        : draw.count());
    }

    private String cursor() {
        return draw.oneIn(10) ? draw.oneOf("abc", "", "-1") : "0";
    }

    private List<String> scanOptions() {
        return draw.options(
                List.of(
                        List.of(draw.option("MATCH", "BAD"), draw.oneOf("m1*", "*", "[0-9]*", "")),
                        List.of(draw.option("COUNT"), draw.count())));
    }

    private void addAlgebra(CommandTable table) {
        table.add(2, "SINTER", () -> words(someKeys()));
        table.add(2, "SUNION", () -> words(someKeys()));
        table.add(2, "SDIFF", () -> words(someKeys()));
        table.add(2, "SINTERSTORE", () -> words(draw.key(), someKeys()));
        table.add(2, "SUNIONSTORE", () -> words(draw.key(), someKeys()));
        table.add(2, "SDIFFSTORE", () -> words(draw.key(), someKeys()));
        table.add(2, "SINTERCARD", () -> words(draw.countedKeys(), draw.maybe(2, this::limit)));
    }

    private List<String> someKeys() {
        return draw.times(1 + draw.below(3), draw::key);
    }

    private List<String> limit() {
        return List.of(draw.option("LIMIT", "LIMIT", "BAD"), draw.count());
    }
}
