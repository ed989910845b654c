package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

import java.util.List;

/** How arguments of the commands of hashes are drawn. */
final class HashCommands {
    private final Draw draw;

    private HashCommands(Draw draw) {
        this.draw = draw;
    }

    static void addTo(CommandTable table, Draw draw) {
        HashCommands commands = new HashCommands(draw);
        commands.addFields(table);
        commands.addWhole(table);
    }

    private void addFields(CommandTable table) {
        table.add(14, "HSET", () -> words(draw.key(), draw.severalPairs(this::field, draw::value)));
        table.add(2, "HMSET", () -> words(draw.key(), draw.severalPairs(this::field, draw::value)));
        table.add(2, "HSETNX", () -> words(draw.key(), field(), draw.value()));
        table.add(3, "HGET", () -> words(draw.key(), field()));
        table.add(2, "HMGET", () -> words(draw.key(), draw.several(this::field)));
        table.add(5, "HDEL", () -> words(draw.key(), draw.several(this::field)));
        table.add(2, "HSTRLEN", () -> words(draw.key(), field()));
        table.add(2, "HEXISTS", () -> words(draw.key(), field()));
        table.add(3, "HINCRBY", () -> words(draw.key(), field(), draw.integer()));
        table.add(2, "HINCRBYFLOAT", () -> words(draw.key(), field(), increment()));
    }

    private String field() {
        return draw.oneIn(2) ? draw.fewMember() : draw.member();
    }

    private String increment() {
        return draw.oneIn(8)
                ? draw.oneOf("abc", "", "nan", "inf", "-inf", " 1", "1e5000")
                : draw.oneOf("1", "0.5", "-0.25", "3.0e3", "-7", "1e2", "0.0625");
    }

    private void addWhole(CommandTable table) {
        table.add(2, "HGETALL", () -> words(draw.key()));
        table.add(2, "HLEN", () -> words(draw.key()));
        table.add(1, "HKEYS", () -> words(draw.key()));
        table.add(1, "HVALS", () -> words(draw.key()));
        table.add(2, "HRANDFIELD", () -> words(draw.key(), draw.maybe(2, this::randomCount)));
        table.add(2, "HSCAN", () -> words(draw.key(), cursor(), draw.maybe(2, this::scanOptions)));
    }

    private List<String> randomCount() {
        return words(
                draw.oneIn(3) ? draw.oneOf("-5", "-20", "0", "-9223372036854775808") : draw.count(),
                draw.maybe(2, () -> List.of(draw.option("WITHVALUES", "WITHVALUES", "BAD"))));
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
}
