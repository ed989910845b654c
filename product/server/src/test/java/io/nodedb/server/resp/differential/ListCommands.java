package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

import java.util.List;

/** How arguments of the commands of lists are drawn. */
final class ListCommands {
    private final Draw draw;

    private ListCommands(Draw draw) {
        this.draw = draw;
    }

    static void addTo(CommandTable table, Draw draw) {
        ListCommands commands = new ListCommands(draw);
        commands.addEnds(table);
        commands.addPlaces(table);
    }

    private void addEnds(CommandTable table) {
        table.add(8, "LPUSH", () -> words(draw.key(), draw.several(this::element)));
        table.add(8, "RPUSH", () -> words(draw.key(), draw.several(this::element)));
        table.add(2, "LPUSHX", () -> words(draw.key(), draw.several(this::element)));
        table.add(2, "RPUSHX", () -> words(draw.key(), draw.several(this::element)));
        table.add(3, "LPOP", () -> words(draw.key(), draw.maybe(2, () -> List.of(draw.count()))));
        table.add(3, "RPOP", () -> words(draw.key(), draw.maybe(2, () -> List.of(draw.count()))));
        table.add(3, "LMOVE", () -> words(draw.key(), draw.key(), end(), end()));
        table.add(2, "RPOPLPUSH", () -> words(draw.key(), draw.key()));
        table.add(2, "BLPOP", () -> words(draw.several(draw::key), draw.patience()));
        table.add(2, "BRPOP", () -> words(draw.several(draw::key), draw.patience()));
        table.add(2, "BLMOVE", () -> words(draw.key(), draw.key(), end(), end(), draw.patience()));
        table.add(1, "BRPOPLPUSH", () -> words(draw.key(), draw.key(), draw.patience()));
        table.add(
                2,
                "BLMPOP",
                () ->
                        words(
                                draw.patience(),
                                draw.countedKeys(),
                                end(),
                                draw.maybe(2, this::count)));
        table.add(3, "LMPOP", () -> words(draw.countedKeys(), end(), draw.maybe(2, this::count)));
    }

    private String element() {
        return draw.oneIn(3) ? draw.value() : draw.fewMember();
    }

    private String end() {
        return draw.oneIn(15) ? draw.oneOf("UP", "") : draw.option("LEFT", "RIGHT");
    }

    private List<String> count() {
        return List.of(draw.option("COUNT", "COUNT", "COUNT", "BAD"), draw.count());
    }

    private void addPlaces(CommandTable table) {
        table.add(2, "LLEN", () -> words(draw.key()));
        table.add(3, "LINDEX", () -> words(draw.key(), draw.index()));
        table.add(3, "LSET", () -> words(draw.key(), draw.index(), element()));
        table.add(3, "LRANGE", () -> words(draw.key(), draw.index(), draw.index()));
        table.add(3, "LTRIM", () -> words(draw.key(), draw.index(), draw.index()));
        table.add(3, "LREM", () -> words(draw.key(), draw.index(), element()));
        table.add(3, "LINSERT", () -> words(draw.key(), side(), element(), element()));
        table.add(3, "LPOS", () -> words(draw.key(), element(), draw.maybe(2, this::lposOptions)));
    }

    private String side() {
        return draw.oneIn(15) ? "BESIDE" : draw.option("BEFORE", "AFTER");
    }

    private List<String> lposOptions() {
        return draw.options(
                List.of(
                        List.of(draw.option("RANK"), draw.index()),
                        List.of(draw.option("COUNT"), draw.oneIn(3) ? "0" : draw.count()),
                        List.of(draw.option("MAXLEN", "MAXLEN", "BAD"), draw.count())));
    }
}
