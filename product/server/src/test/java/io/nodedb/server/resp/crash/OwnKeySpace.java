package io.nodedb.server.resp.crash;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws steps on one client's own keys.
 *
 * <p>Names tell types: {@code s} strings, {@code n} counters, {@code b} bits, {@code h} hashes,
 * {@code l} lists, {@code e} sets, {@code z} sorted sets; {@code t} and {@code th} are strings and
 * hashes whose ends come soon, and only commands whose outcome does not depend on that are done to
 * them. Keys with the highest number grow beyond the compact encodings; strings may be streamed.
 */
final class OwnKeySpace {
    private static final int EACH = 3;

    /** Elements that one command adds to a key that becomes large. */
    private static final int MANY = 50;

    private static final int LARGE_FIELDS = 300;
    private static final int LARGE_VALUE_BYTES = 200_000;
    private static final long FAR_MILLIS = 100_000_000L;
    private static final int SOON_MILLIS = 3_000;
    private static final String[] LASTING = {"s", "n", "b", "h", "l", "e", "z"};

    private final String prefix;
    private final SplittableRandom random;

    /** Keys of one type and one partition, which RENAME and COPY want. */
    private final List<String[]> pairs;

    private long written;

    OwnKeySpace(String prefix, List<String[]> pairs, SplittableRandom random) {
        this.prefix = prefix;
        this.pairs = pairs;
        this.random = random;
    }

    static boolean isTimed(String key) {
        return key.indexOf(".t") > 0;
    }

    /** Asks an empty server which pairs of keys it keeps together. */
    static List<String[]> pairs(RespConnection server, String prefix) {
        List<String[]> together = new ArrayList<>();
        for (String type : LASTING) {
            for (int i = 0; i < EACH * EACH; i++) {
                String from = prefix + type + i / EACH;
                String to = prefix + type + i % EACH;
                RespValue reply = server.call("COPY", from, to, "REPLACE");
                if (!from.equals(to) && reply instanceof RespValue.Int) {
                    together.add(new String[] {from, to});
                }
            }
        }
        return together;
    }

    /** Steps that are sent together; a PERSIST whose outcome must be known comes alone. */
    List<Step> batch(int most) {
        if (most == 1 && random.nextInt(8) == 0) {
            return List.of(Step.command("PERSIST", key("t")));
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            steps.add(step());
        }
        return steps;
    }

    private Step step() {
        return switch (random.nextInt(10)) {
            case 0 -> timed();
            case 1 -> fieldThatEndsSoon();
            case 2 ->
                    Step.command(
                            "MSET",
                            prefix + "s0",
                            value(),
                            prefix + "s1",
                            value(),
                            prefix + "s2",
                            value());
            case 3 -> Step.command("DEL", lasting(), lasting());
            case 4, 5 -> {
                List<Words> commands = new ArrayList<>();
                for (int i = 0; i < 2 + random.nextInt(4); i++) {
                    commands.add(command());
                }
                yield Step.transaction(commands);
            }
            default -> Step.command(command().words().toArray(String[]::new));
        };
    }

    private Step timed() {
        return switch (random.nextInt(3)) {
            case 0 -> Step.command("SET", key("t"), value());
            case 1 -> Step.command("DEL", key("t"));
            default ->
                    Step.command(
                            "SET",
                            key("t"),
                            value(),
                            "PX",
                            Integer.toString(1 + random.nextInt(SOON_MILLIS)));
        };
    }

    /** Never found without its end. */
    private Step fieldThatEndsSoon() {
        String key = prefix + "th";
        String field = field();
        return Step.transaction(
                List.of(
                        Words.of("HSET", key, field, value()),
                        Words.of("HPEXPIREAT", key, Long.toString(soon()), "FIELDS", "1", field)));
    }

    private long soon() {
        return System.currentTimeMillis() + random.nextInt(SOON_MILLIS);
    }

    private String far() {
        return Long.toString(System.currentTimeMillis() + FAR_MILLIS + random.nextInt(1_000_000));
    }

    private String value() {
        int filler = random.nextInt(20) == 0 ? random.nextInt(3_000) : random.nextInt(20);
        return prefix + written++ + "x".repeat(filler);
    }

    private String largeValue() {
        return prefix + written++ + "x".repeat(random.nextInt(LARGE_VALUE_BYTES));
    }

    private static boolean growsLarge(String key) {
        return key.endsWith(Integer.toString(EACH - 1));
    }

    /** Adds many elements, of one word or two each. */
    private Words addMany(String name, String key, boolean inPairs) {
        List<String> words = new ArrayList<>(List.of(name, key));
        for (int i = 0; i < MANY; i++) {
            String field = "f" + random.nextInt(LARGE_FIELDS);
            switch (name) {
                case "ZADD" -> words.add(amount());
                case "RPUSH" -> field = value();
                default -> {}
            }
            words.add(field);
            if (inPairs) {
                words.add(value());
            }
        }
        return new Words(words);
    }

    private String key(String type) {
        return prefix + type + random.nextInt(EACH);
    }

    private String lasting() {
        return key(LASTING[random.nextInt(LASTING.length)]);
    }

    private String field() {
        return "f" + random.nextInt(6);
    }

    private String amount() {
        return Integer.toString(random.nextInt(100) - 50);
    }

    /** A command on one lasting key, or on two that live together. */
    private Words command() {
        return switch (random.nextInt(12)) {
            case 0 ->
                    Words.of(
                            "PEXPIREAT",
                            lasting(),
                            random.nextInt(4) == 0 ? Long.toString(1_000) : far());
            case 1 -> Words.of("PERSIST", lasting());
            case 2 -> pair();
            case 3 -> Words.of("INCRBY", key("n"), amount());
            case 4 ->
                    Words.of(
                            "SETBIT",
                            key("b"),
                            Integer.toString(random.nextInt(200)),
                            Integer.toString(random.nextInt(2)));
            case 5, 6 -> hash(key("h"));
            case 7, 8 -> list(key("l"));
            case 9 -> sortedSet(key("z"));
            case 10 -> set(key("e"));
            default ->
                    random.nextBoolean()
                            ? Words.of(
                                    "SET",
                                    key("s"),
                                    random.nextInt(30) == 0 ? largeValue() : value())
                            : Words.of("APPEND", key("s"), "+" + random.nextInt(100));
        };
    }

    private Words set(String key) {
        if (growsLarge(key) && random.nextInt(3) == 0) {
            return addMany("SADD", key, false);
        }
        return Words.of(random.nextInt(3) == 0 ? "SREM" : "SADD", key, field(), field());
    }

    private Words pair() {
        if (pairs.isEmpty()) {
            return Words.of("INCRBY", key("n"), amount());
        }
        String[] pair = pairs.get(random.nextInt(pairs.size()));
        return random.nextBoolean()
                ? Words.of("RENAME", pair[0], pair[1])
                : Words.of("COPY", pair[0], pair[1], "REPLACE");
    }

    private Words hash(String key) {
        // Only numbers are in n0 and n1, so that HINCRBY finds them.
        String number = "n" + random.nextInt(2);
        if (growsLarge(key) && random.nextInt(6) == 0) {
            return addMany("HSET", key, true);
        }
        return switch (random.nextInt(6)) {
            case 0 -> Words.of("HDEL", key, random.nextBoolean() ? number : field());
            case 1 -> Words.of("HINCRBY", key, number, amount());
            case 2 -> Words.of("HPEXPIREAT", key, far(), "FIELDS", "1", field());
            case 3 -> Words.of("HPERSIST", key, "FIELDS", "1", field());
            default -> Words.of("HSET", key, field(), value());
        };
    }

    private Words list(String key) {
        if (growsLarge(key) && random.nextInt(4) == 0) {
            return addMany("RPUSH", key, false);
        }
        return switch (random.nextInt(6)) {
            case 0 -> Words.of(random.nextBoolean() ? "LPOP" : "RPOP", key);
            case 1 -> Words.of("LSET", key, Integer.toString(random.nextInt(6)), value());
            case 2 -> Words.of("LTRIM", key, "0", Integer.toString(4 + random.nextInt(20)));
            case 3 -> Words.of("LPUSH", key, value());
            default -> Words.of("RPUSH", key, value(), value());
        };
    }

    private Words sortedSet(String key) {
        if (growsLarge(key) && random.nextInt(4) == 0) {
            return addMany("ZADD", key, false);
        }
        return switch (random.nextInt(5)) {
            case 0 -> Words.of("ZPOPMIN", key);
            case 1 -> Words.of("ZREM", key, field());
            case 2 -> Words.of("ZINCRBY", key, amount(), field());
            default -> Words.of("ZADD", key, amount(), field());
        };
    }
}
