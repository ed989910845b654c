package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

import java.util.ArrayList;
import java.util.List;

/** How arguments of the commands of sorted sets are drawn. */
final class SortedSetCommands {
    private final Draw draw;

    private SortedSetCommands(Draw draw) {
        this.draw = draw;
    }

    static void addTo(CommandTable table, Draw draw) {
        SortedSetCommands commands = new SortedSetCommands(draw);
        commands.addMembers(table);
        commands.addRanges(table);
        commands.addLexRanges(table);
        commands.addAlgebra(table);
    }

    private void addMembers(CommandTable table) {
        table.add(14, "ZADD", () -> words(draw.key(), zaddOptions(), zaddPairs()));
        table.add(4, "ZREM", () -> words(draw.key(), draw.several(this::member)));
        table.add(3, "ZINCRBY", () -> words(draw.key(), draw.score(), member()));
        table.add(2, "ZSCORE", () -> words(draw.key(), member()));
        table.add(2, "ZMSCORE", () -> words(draw.key(), draw.several(this::member)));
        table.add(2, "ZCARD", () -> words(draw.key()));
        table.add(2, "ZRANK", () -> words(draw.key(), member()));
        table.add(2, "ZREVRANK", () -> words(draw.key(), member()));
        table.add(
                3, "ZPOPMIN", () -> words(draw.key(), draw.maybe(2, () -> List.of(draw.count()))));
        table.add(
                3, "ZPOPMAX", () -> words(draw.key(), draw.maybe(2, () -> List.of(draw.count()))));
        table.add(
                3,
                "ZMPOP",
                () -> words(draw.countedKeys(), minOrMax(), draw.maybe(2, this::count)));
        table.add(2, "BZPOPMIN", () -> words(draw.several(draw::key), draw.patience()));
        table.add(2, "BZPOPMAX", () -> words(draw.several(draw::key), draw.patience()));
        table.add(
                2,
                "BZMPOP",
                () ->
                        words(
                                draw.patience(),
                                draw.countedKeys(),
                                minOrMax(),
                                draw.maybe(2, this::count)));
        table.add(2, "ZRANDMEMBER", () -> words(draw.key(), draw.maybe(2, this::randomCount)));
        table.add(2, "ZSCAN", () -> words(draw.key(), cursor(), draw.maybe(2, this::scanOptions)));
    }

    private String member() {
        return draw.oneIn(3) ? draw.fewMember() : draw.member();
    }

    private List<String> zaddOptions() {
        return draw.oneIn(2)
                ? List.of()
                : draw.options(
                        List.of(
                                List.of(draw.option("NX", "XX")),
                                List.of(draw.option("GT", "LT")),
                                List.of(draw.option("CH")),
                                List.of(draw.option("INCR", "XX", "NX", "BAD"))));
    }

    private List<String> zaddPairs() {
        return draw.oneIn(3)
                ? List.of(draw.score(), member())
                : draw.severalPairs(draw::score, this::member);
    }

    private String minOrMax() {
        return draw.oneIn(15) ? "MID" : draw.option("MIN", "MAX");
    }

    private List<String> count() {
        return List.of(draw.option("COUNT", "COUNT", "COUNT", "BAD"), draw.count());
    }

    private List<String> randomCount() {
        return words(
                draw.oneIn(3) ? draw.oneOf("-5", "-20", "0", "-9223372036854775808") : draw.count(),
                draw.maybe(2, () -> List.of(draw.option("WITHSCORES", "WITHSCORES", "BAD"))));
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

    private void addRanges(CommandTable table) {
        table.add(2, "ZCOUNT", () -> words(draw.key(), draw.scoreBound(), draw.scoreBound()));
        table.add(3, "ZRANGE", () -> words(draw.key(), draw.index(), draw.index(), rangeOptions()));
        table.add(3, "ZRANGE", () -> words(draw.key(), byScore(), rangeOptions()));
        table.add(
                2, "ZREVRANGE", () -> words(draw.key(), draw.index(), draw.index(), withScores()));
        table.add(3, "ZRANGEBYSCORE", this::byScoreCommand);
        table.add(2, "ZREVRANGEBYSCORE", this::byScoreCommand);
        table.add(
                2,
                "ZRANGESTORE",
                () -> words(draw.key(), draw.key(), draw.index(), draw.index(), rangeOptions()));
        table.add(2, "ZRANGESTORE", () -> words(draw.key(), draw.key(), byScore(), rangeOptions()));
        table.add(2, "ZREMRANGEBYRANK", () -> words(draw.key(), draw.index(), draw.index()));
        table.add(
                2,
                "ZREMRANGEBYSCORE",
                () -> words(draw.key(), draw.scoreBound(), draw.scoreBound()));
    }

    private List<String> byScore() {
        return List.of(draw.scoreBound(), draw.scoreBound(), draw.option("BYSCORE"));
    }

    private List<String> withScores() {
        return draw.maybe(2, () -> List.of(draw.option("WITHSCORES", "WITHSCORES", "BAD")));
    }

    private List<String> limit() {
        return List.of(draw.option("LIMIT"), draw.index(), draw.index());
    }

    private List<String> rangeOptions() {
        return draw.options(
                List.of(List.of(draw.option("REV")), List.of(draw.option("WITHSCORES")), limit()));
    }

    private List<String> byScoreCommand() {
        List<List<String>> options = List.of(List.of(draw.option("WITHSCORES")), limit());
        return words(draw.key(), draw.scoreBound(), draw.scoreBound(), draw.options(options));
    }

    /** Only on sorted sets whose scores are all the same: of others the answer is arbitrary. */
    private void addLexRanges(CommandTable table) {
        table.add(4, "ZADD", () -> words(draw.lexKey(), zeros()));
        table.add(1, "ZREM", () -> words(draw.lexKey(), draw.several(this::member)));
        table.add(2, "ZLEXCOUNT", () -> words(draw.lexKey(), draw.lexBound(), draw.lexBound()));
        table.add(
                2,
                "ZRANGEBYLEX",
                () ->
                        words(
                                draw.lexKey(),
                                draw.lexBound(),
                                draw.lexBound(),
                                draw.maybe(3, this::limit)));
        table.add(
                2,
                "ZREVRANGEBYLEX",
                () ->
                        words(
                                draw.lexKey(),
                                draw.lexBound(),
                                draw.lexBound(),
                                draw.maybe(3, this::limit)));
        table.add(
                1, "ZREMRANGEBYLEX", () -> words(draw.lexKey(), draw.lexBound(), draw.lexBound()));
        table.add(2, "ZRANGE", () -> words(draw.lexKey(), byLex(), rangeOptions()));
        table.add(
                1, "ZRANGESTORE", () -> words(draw.key(), draw.lexKey(), byLex(), rangeOptions()));
    }

    private List<String> zeros() {
        return draw.several(this::member).stream()
                .flatMap(member -> List.of("0", member).stream())
                .toList();
    }

    private List<String> byLex() {
        return List.of(draw.lexBound(), draw.lexBound(), draw.option("BYLEX"));
    }

    private void addAlgebra(CommandTable table) {
        table.add(2, "ZUNION", () -> weighted(List.of(draw.option("WITHSCORES"))));
        table.add(2, "ZINTER", () -> weighted(List.of(draw.option("WITHSCORES"))));
        table.add(2, "ZDIFF", () -> words(draw.countedKeys(), withScores()));
        table.add(
                1,
                "ZINTERCARD",
                () ->
                        words(
                                draw.countedKeys(),
                                draw.maybe(2, () -> List.of(draw.option("LIMIT"), draw.count()))));
        table.add(2, "ZUNIONSTORE", () -> words(draw.key(), weighted(List.of())));
        table.add(2, "ZINTERSTORE", () -> words(draw.key(), weighted(List.of())));
        table.add(2, "ZDIFFSTORE", () -> words(draw.key(), draw.countedKeys()));
    }

    private List<String> weighted(List<String> moreOptions) {
        List<String> keys = draw.countedKeys();
        List<List<String>> options = new ArrayList<>();
        options.add(words(draw.option("WEIGHTS"), draw.times(keys.size() - 1, this::weight)));
        options.add(List.of(draw.option("AGGREGATE"), draw.option("SUM", "MIN", "MAX", "AVG")));
        options.add(moreOptions);
        return words(keys, draw.options(options));
    }

    private String weight() {
        return draw.oneIn(10)
                ? draw.oneOf("nan", "abc", "", "inf", "0")
                : draw.oneOf("1", "2", "-1", "0.5");
    }
}
