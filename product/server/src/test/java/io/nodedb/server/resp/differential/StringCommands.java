package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

import java.util.List;
import java.util.stream.IntStream;

/** How arguments of the commands of strings and bits are drawn. */
final class StringCommands {
    private final Draw draw;

    private StringCommands(Draw draw) {
        this.draw = draw;
    }

    static void addTo(CommandTable table, Draw draw) {
        StringCommands commands = new StringCommands(draw);
        commands.addWhole(table);
        commands.addNumbers(table);
        commands.addParts(table);
        commands.addBits(table);
    }

    private void addWhole(CommandTable table) {
        table.add(6, "GET", () -> words(draw.key()));
        table.add(10, "SET", () -> words(draw.key(), draw.value(), setOptions()));
        table.add(2, "SETNX", () -> words(draw.key(), draw.value()));
        table.add(2, "SETEX", () -> words(draw.key(), draw.seconds(), draw.value()));
        table.add(2, "PSETEX", () -> words(draw.key(), draw.millis(), draw.value()));
        table.add(2, "GETSET", () -> words(draw.key(), draw.value()));
        table.add(2, "GETDEL", () -> words(draw.key()));
        table.add(3, "GETEX", () -> words(draw.key(), getexOptions()));
        table.add(3, "MGET", () -> words(draw.several(draw::key)));
        table.add(2, "MSET", () -> words(pairs()));
        table.add(2, "MSETNX", () -> words(pairs()));
    }

    private List<String> pairs() {
        return draw.times(1 + draw.below(3), draw::key).stream()
                .flatMap(key -> List.of(key, draw.value()).stream())
                .toList();
    }

    private List<String> setOptions() {
        return draw.oneIn(2)
                ? List.of()
                : draw.options(
                        List.of(
                                List.of(draw.option("NX", "XX", "GET", "KEEPTTL")),
                                List.of(draw.option("NX", "XX", "GET", "KEEPTTL", "BAD")),
                                expiry()));
    }

    private List<String> getexOptions() {
        return switch (draw.below(5)) {
            case 0 -> List.of();
            case 1 -> List.of(draw.option("PERSIST"));
            case 2 -> words(expiry(), draw.option("PERSIST", "EX", "KEEPTTL"));
            default -> expiry();
        };
    }

    private List<String> expiry() {
        return switch (draw.below(4)) {
            case 0 -> List.of(draw.option("EX"), draw.seconds());
            case 1 -> List.of(draw.option("PX"), draw.millis());
            case 2 -> List.of(draw.option("EXAT"), draw.unixSeconds());
            default -> List.of(draw.option("PXAT"), draw.unixMillis());
        };
    }

    private void addNumbers(CommandTable table) {
        table.add(3, "INCR", () -> words(draw.key()));
        table.add(2, "DECR", () -> words(draw.key()));
        table.add(3, "INCRBY", () -> words(draw.key(), draw.integer()));
        table.add(2, "DECRBY", () -> words(draw.key(), draw.integer()));
        table.add(3, "INCRBYFLOAT", () -> words(draw.key(), increment()));
    }

    /** Sums of these are exact, so that the width of the arithmetic can't show. */
    private String increment() {
        return draw.oneIn(8)
                ? draw.oneOf("abc", "", "nan", "inf", "-inf", " 1", "1 ", "0x1p1", "1e5000")
                : draw.oneOf("1", "0.5", "-0.25", "3.0e3", "-7", "1e2", "0.0625", "100000");
    }

    private void addParts(CommandTable table) {
        table.add(3, "APPEND", () -> words(draw.key(), draw.value()));
        table.add(2, "STRLEN", () -> words(draw.key()));
        table.add(3, "SETRANGE", () -> words(draw.key(), draw.offset(), draw.value()));
        table.add(3, "GETRANGE", () -> words(draw.key(), draw.index(), draw.index()));
        table.add(1, "SUBSTR", () -> words(draw.key(), draw.index(), draw.index()));
        table.add(2, "LCS", () -> words(draw.key(), draw.key(), lcsOptions()));
    }

    private List<String> lcsOptions() {
        return draw.options(
                List.of(
                        List.of(draw.option("LEN")),
                        List.of(draw.option("IDX")),
                        List.of(draw.option("WITHMATCHLEN", "BAD")),
                        List.of(draw.option("MINMATCHLEN"), draw.integer())));
    }

    private void addBits(CommandTable table) {
        table.add(4, "SETBIT", () -> words(draw.key(), draw.bitOffset(), bit()));
        table.add(2, "GETBIT", () -> words(draw.key(), draw.bitOffset()));
        table.add(3, "BITCOUNT", () -> words(draw.key(), draw.maybe(2, this::bitRange)));
        table.add(3, "BITPOS", () -> words(draw.key(), bit(), draw.maybe(2, this::bitPosRange)));
        table.add(3, "BITOP", this::bitop);
        table.add(4, "BITFIELD", () -> words(draw.key(), fieldOperations()));
        table.add(
                1,
                "BITFIELD_RO",
                () -> words(draw.key(), draw.oneIn(5) ? fieldOperation() : fieldGet()));
    }

    private String bit() {
        return draw.oneIn(10) ? draw.oneOf("2", "-1", "abc", "") : draw.oneOf("0", "1");
    }

    private List<String> bitRange() {
        return words(
                draw.index(),
                draw.index(),
                draw.maybe(2, () -> List.of(draw.option("BYTE", "BIT"))));
    }

    private List<String> bitPosRange() {
        return draw.oneIn(2) ? List.of(draw.index()) : bitRange();
    }

    private List<String> bitop() {
        String operation = draw.option("AND", "OR", "XOR", "NOT", "NAND");
        int sources = operation.equalsIgnoreCase("NOT") && !draw.oneIn(5) ? 1 : 1 + draw.below(3);
        return words(operation, draw.key(), draw.times(sources, draw::key));
    }

    private List<String> fieldOperations() {
        return IntStream.rangeClosed(0, draw.below(3))
                .boxed()
                .flatMap(_ -> fieldOperation().stream())
                .toList();
    }

    private List<String> fieldOperation() {
        return switch (draw.below(5)) {
            case 0 -> fieldGet();
            case 1 -> List.of(draw.option("SET"), width(), fieldOffset(), draw.integer());
            case 2 -> List.of(draw.option("OVERFLOW"), draw.option("WRAP", "SAT", "FAIL", "BAD"));
            default -> List.of(draw.option("INCRBY"), width(), fieldOffset(), draw.integer());
        };
    }

    private List<String> fieldGet() {
        return List.of(draw.option("GET"), width(), fieldOffset());
    }

    private String width() {
        return draw.oneIn(12)
                ? draw.oneOf("u64", "i65", "u0", "i0", "x8", "u", "", "8")
                : draw.oneOf("u1", "i1", "u8", "i8", "u4", "i5", "u16", "i32", "u63", "i64");
    }

    private String fieldOffset() {
        return draw.oneIn(3) ? "#" + draw.below(20) : draw.bitOffset();
    }
}
