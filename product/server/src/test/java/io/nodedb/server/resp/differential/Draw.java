package io.nodedb.server.resp.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Draws arguments: mostly sensible ones from small ranges, so that commands meet on the same keys
 * and members, and now and then odd ones. Every choice comes from the one generator.
 */
final class Draw {
    /** Few, so that commands of all types collide on them. */
    static final int KEYS = 30;

    /** So often a command of one type is given a key that is at home with another. */
    private static final int STRAYING = 12;

    /** Sorted sets whose scores are all zero: ranges by name say nothing about others. */
    static final int LEX_KEYS = 3;

    /** A string that no command replaces, for the wrong type where a key must be a lex key. */
    static final String FROZEN_STRING = "frozen";

    /** Enough that collections leave their compact encodings (128 and 512 entries). */
    private static final int MEMBERS = 700;

    private static final List<String> ODD_INTEGERS =
            List.of(
                    "",
                    "abc",
                    "1.5",
                    " 1",
                    "1 ",
                    "+1",
                    "01",
                    "-0",
                    "0x10",
                    "9223372036854775807",
                    "-9223372036854775808",
                    "9223372036854775808",
                    "18446744073709551616",
                    "4294967296");
    private static final List<String> SCORES =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "2.5",
                    "-0.25",
                    "3e3",
                    "inf",
                    "-inf",
                    "+inf",
                    "1e308",
                    "-1e-10",
                    "0.1",
                    "3.14159265358979",
                    "17179869184",
                    "9007199254740993",
                    "-0",
                    "1e21",
                    "123456789.125");
    private static final List<String> ODD_SCORES =
            List.of(
                    "nan",
                    "",
                    "abc",
                    "1,5",
                    "1e400",
                    "0x1p3",
                    " 1",
                    "1 ",
                    "infinity",
                    "-nan",
                    "1e-400");
    private static final List<String> ODD_VALUES =
            List.of("", " ", "n\0n", "\u00ff\u00fe\r\n\"", "-1", "1e3", "inf", "é".repeat(3));

    private final SplittableRandom random;
    private final int firstHomeKey;
    private final int homeKeys;

    private Draw(SplittableRandom random, int firstHomeKey, int homeKeys) {
        this.random = random;
        this.firstHomeKey = firstHomeKey;
        this.homeKeys = homeKeys;
    }

    /** Draws from all keys alike. */
    static Draw amongAllKeys(SplittableRandom random) {
        return new Draw(random, 0, KEYS);
    }

    /**
     * Draws mostly from a few keys, where values of one type can grow before another's command
     * takes their place; from all others now and then.
     */
    static Draw mostlyAmong(int firstHomeKey, int homeKeys, SplittableRandom random) {
        return new Draw(random, firstHomeKey, homeKeys);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String oneOf(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String key() {
        return "k" + (oneIn(STRAYING) ? below(KEYS) : firstHomeKey + below(homeKeys));
    }

    /** A key of a sorted set whose scores are all zero; seldom one of the wrong type. */
    String lexKey() {
        return oneIn(25) ? FROZEN_STRING : "lex" + random.nextInt(LEX_KEYS);
    }

    /** A member of a collection, or a field of a hash. */
    String member() {
        return switch (random.nextInt(20)) {
            case 0 -> oneOf(ODD_VALUES);
            case 1 -> "long member ".repeat(8) + random.nextInt(4);
            case 2, 3, 4, 5, 6, 7 -> Integer.toString(random.nextInt(MEMBERS));
            default -> "m" + random.nextInt(MEMBERS);
        };
    }

    /** One of a few members, for commands that should hit. */
    String fewMember() {
        return "m" + random.nextInt(12);
    }

    String value() {
        return switch (random.nextInt(12)) {
            case 0 -> oneOf(ODD_VALUES);
            case 1 -> oneOf(ODD_INTEGERS);
            case 2, 3, 4 -> Integer.toString(random.nextInt(1_000) - 100);
            case 5 -> oneOf("0.5", "10.25", "-3.75", "5.0e3", "3.0");
            case 6 -> "x".repeat(random.nextInt(200));
            case 7 -> bytes(random.nextInt(40));
            default -> "value" + random.nextInt(50);
        };
    }

    /** Without zeros: SORT's ALPHA takes one for the end of the text. */
    String bytes(int length) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < length; i++) {
            bytes.append((char) (1 + random.nextInt(255)));
        }
        return bytes.toString();
    }

    /** A whole number, seldom something that is none or overflows. */
    String integer() {
        return oneIn(12) ? oneOf(ODD_INTEGERS) : Integer.toString(random.nextInt(200) - 50);
    }

    /** A place in a list, string or sorted set, from either end and beyond both. */
    String index() {
        return switch (random.nextInt(14)) {
            case 0 -> oneOf(ODD_INTEGERS);
            case 1 -> oneOf("100000", "-100000", "2147483648");
            case 2, 3, 4 -> Integer.toString(random.nextInt(400) - 200);
            case 5, 6 -> "-1";
            case 7, 8 -> "0";
            default -> Integer.toString(random.nextInt(20) - 8);
        };
    }

    /** Seconds that a command may wait: hardly any, because nobody else writes meanwhile. */
    String patience() {
        return oneIn(15) ? oneOf("-1", "x", "", "inf", "1e300", "-0.5") : "0.001";
    }

    String count() {
        return switch (random.nextInt(12)) {
            case 0 -> oneOf("abc", "", "1.5", "9223372036854775808", "-1", "0");
            case 1 -> oneOf("100", "1000", "2147483647");
            default -> Integer.toString(1 + random.nextInt(6));
        };
    }

    /** A place in a string whose growth memory can bear, or far beyond what is allowed. */
    String offset() {
        return switch (random.nextInt(12)) {
            case 0 -> oneOf("-1", "abc", "", "536870912", "9223372036854775807");
            case 1 -> Integer.toString(random.nextInt(2_000));
            default -> Integer.toString(random.nextInt(60));
        };
    }

    String bitOffset() {
        return switch (random.nextInt(12)) {
            case 0 -> oneOf("-1", "abc", "", "4294967296", "9223372036854775807");
            case 1 -> Integer.toString(random.nextInt(16_000));
            default -> Integer.toString(random.nextInt(300));
        };
    }

    String score() {
        return switch (random.nextInt(12)) {
            case 0 -> oneOf(SCORES);
            case 1 -> oneIn(3) ? oneOf(ODD_SCORES) : oneOf(SCORES);
            case 2, 3 -> (random.nextInt(400) - 200) + "." + oneOf("5", "25", "125", "75");
            default -> Integer.toString(random.nextInt(60) - 20);
        };
    }

    String scoreBound() {
        return switch (random.nextInt(10)) {
            case 0 -> oneOf("(", "((1", "", "nan", "abc", "(abc", "(inf", "(-inf");
            case 1 -> "-inf";
            case 2 -> "+inf";
            case 3, 4 -> "(" + (random.nextInt(60) - 20);
            default -> score();
        };
    }

    String lexBound() {
        return switch (random.nextInt(10)) {
            case 0 -> oneOf("", "m1", "++", "(", "[", "-inf", "[\0");
            case 1, 2 -> "-";
            case 3, 4 -> "+";
            default -> oneOf("[", "(") + member();
        };
    }

    /** Far in the future, so that nothing comes due meanwhile; or not at all; or wrong. */
    String seconds() {
        return oneIn(5)
                ? oneOf("0", "-1", "-100", "abc", "", "9223372036854775807", "-9223372036854775808")
                : oneOf("200000", "500000", "90000000");
    }

    String millis() {
        return oneIn(5) ? seconds() : oneOf("200000000", "500000000", "90000000000");
    }

    /** Fixed points in time: in the 1970s, or after 2096. */
    String unixSeconds() {
        return oneIn(4)
                ? oneOf("0", "-1", "1", "100000000", "abc", "9223372036854775807")
                : oneOf("4000000000", "4100000000", "7000000000");
    }

    String unixMillis() {
        return oneIn(4)
                ? oneOf("0", "-1", "1", "100000000000", "abc", "9223372036854775807")
                : oneOf("4000000000123", "4100000000999", "7000000000000");
    }

    /** An option's word in any case. */
    String option(String... choices) {
        String option = oneOf(choices);
        return switch (random.nextInt(6)) {
            case 0 -> option.toLowerCase(Locale.ROOT);
            case 1 -> option.charAt(0) + option.substring(1).toLowerCase(Locale.ROOT);
            default -> option;
        };
    }

    /** An argument that is wrong nearly everywhere. */
    String junk() {
        return switch (random.nextInt(4)) {
            case 0 -> oneOf(ODD_INTEGERS);
            case 1 -> oneOf(ODD_SCORES);
            case 2 -> oneOf("LIMIT", "COUNT", "WITHSCORES", "NX", "XX", "GT", "MATCH", "BY");
            default -> oneOf(ODD_VALUES);
        };
    }

    /** At least one of what is drawn: mostly few, seldom a hundred. */
    List<String> several(Supplier<String> one) {
        return times(oneIn(10) ? 1 + random.nextInt(120) : 1 + random.nextInt(4), one);
    }

    List<String> times(int count, Supplier<String> one) {
        List<String> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(one.get());
        }
        return drawn;
    }

    /** At least one pair of what is drawn. */
    List<String> severalPairs(Supplier<String> first, Supplier<String> second) {
        List<String> drawn = new ArrayList<>();
        for (String one : several(first)) {
            drawn.add(one);
            drawn.add(second.get());
        }
        return drawn;
    }

    /** What is given, once in {@code n} times; else nothing. */
    List<String> maybe(int n, Supplier<List<String>> given) {
        return oneIn(n) ? given.get() : List.of();
    }

    /** Each of the optional parts or not, in any order. */
    List<String> options(List<List<String>> parts) {
        List<List<String>> left = new ArrayList<>(parts);
        List<String> chosen = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> part = left.remove(random.nextInt(left.size()));
            if (random.nextInt(3) == 0) {
                chosen.addAll(part);
            }
        }
        return chosen;
    }

    /** A number of keys, mostly the right one, and the keys. */
    List<String> countedKeys() {
        List<String> keys = times(1 + random.nextInt(3), this::key);
        List<String> counted = new ArrayList<>();
        counted.add(oneIn(15) ? oneOf("0", "-1", "abc", "9", "") : Integer.toString(keys.size()));
        counted.addAll(keys);
        return counted;
    }
}
