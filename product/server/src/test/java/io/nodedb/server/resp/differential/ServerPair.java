package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A real Redis and the server under test, which hold the same: gives a command to both, compares
 * the replies within the command's {@link Leeway}, and sees to it that both still hold the same
 * after a random choice. One thread; a difference is an {@link AssertionError}.
 */
record ServerPair(RespConnection redis, RespConnection tested) {
    private static final long CLOCK_TOLERANCE_MILLIS = 10_000;

    /** A cursor that never comes back to zero is a fault. */
    private static final int MOST_PAGES = 20_000;

    void run(Words command) {
        switch (Leeway.of(command)) {
            case PAGES -> compareScans(command);
            case REMOVED_CHOICE -> compareRemovedChoice(command);
            case CHOICE -> compareChoice(command);
            case NONE, ORDER, CLOCK, ZERO, INSIDES -> compare(command);
        }
    }

    /** Both replies to a command that must have the same one within its leeway. */
    private void compare(Words command) {
        assertSame(command, redis.call(command), tested.call(command));
    }

    /** {@code command} has got these replies, which must be the same within its leeway. */
    void assertSame(Words command, RespValue expected, RespValue actual) {
        if (expected.equals(actual) || isSameErrorUpToAZero(expected, actual)) {
            return;
        }
        boolean same =
                switch (Leeway.of(command)) {
                    case ORDER ->
                            sortedReply(command, expected).equals(sortedReply(command, actual));
                    case CLOCK -> sameTime(command, expected, actual);
                    case ZERO -> withoutSignOfZero(expected).equals(withoutSignOfZero(actual));
                    case INSIDES -> sameForm(expected, actual);
                    case NONE, CHOICE, REMOVED_CHOICE, PAGES -> false;
                };
        assertThat(same).as(command + ": " + told(expected, actual)).isTrue();
    }

    /** Redis ends the text of an error at a zero byte that came from the client. */
    private static boolean isSameErrorUpToAZero(RespValue expected, RespValue actual) {
        return expected instanceof RespValue.Failure(String shortText)
                && actual instanceof RespValue.Failure(String text)
                && text.indexOf('\0') >= 0
                && shortText.startsWith(text.substring(0, text.indexOf('\0')));
    }

    private static String told(RespValue expected, RespValue actual) {
        return "Redis answers\n  " + expected + "\nand the tested server\n  " + actual + "\n";
    }

    /** In RESP2 the fields and values of a hash come flat, and must be kept together. */
    private static RespValue sortedReply(Words command, RespValue reply) {
        boolean flatPairs =
                command.words().getFirst().equalsIgnoreCase("HGETALL")
                        && reply instanceof RespValue.Items;
        return flatPairs ? new RespValue.Items(inOrder(reply.elements(), 2)) : sorted(reply);
    }

    /** The elements in one order; pairs stay pairs. */
    static RespValue sorted(RespValue reply) {
        return switch (reply) {
            case RespValue.Members(List<RespValue> items) ->
                    new RespValue.Members(inOrder(items, 1));
            case RespValue.Pairs(List<RespValue> items) -> new RespValue.Pairs(inOrder(items, 2));
            case RespValue.Items(List<RespValue> items) -> new RespValue.Items(inOrder(items, 1));
            default -> reply;
        };
    }

    private static List<RespValue> inOrder(List<RespValue> items, int width) {
        List<List<RespValue>> groups = new ArrayList<>();
        for (int i = 0; i < items.size(); i += width) {
            groups.add(items.subList(i, i + width));
        }
        groups.sort(
                Comparator.comparing(
                        group -> group.stream().map(RespValue::asText).toList().toString()));
        return groups.stream().flatMap(List::stream).toList();
    }

    /** The same reply with every score of -0 as 0. */
    static RespValue withoutSignOfZero(RespValue reply) {
        return switch (reply) {
            case RespValue.Items(List<RespValue> items) ->
                    new RespValue.Items(withoutSignOfZero(items));
            case RespValue.Bulk(String bytes) when bytes.equals("-0") -> new RespValue.Bulk("0");
            case RespValue.Real(String text) when text.equals("-0") -> new RespValue.Real("0");
            default -> reply;
        };
    }

    private static List<RespValue> withoutSignOfZero(List<RespValue> items) {
        return items.stream().map(ServerPair::withoutSignOfZero).toList();
    }

    static boolean sameTime(Words command, RespValue expected, RespValue actual) {
        String name = command.words().getFirst().toUpperCase(Locale.ROOT);
        long unit = name.startsWith("P") ? 1 : 1_000;
        return expected instanceof RespValue.Int(long expectedTime)
                && actual instanceof RespValue.Int(long actualTime)
                && expectedTime >= 0
                && actualTime >= 0
                && Math.abs(expectedTime - actualTime) * unit <= CLOCK_TOLERANCE_MILLIS;
    }

    /** The same kind of reply; but errors and nulls say something, and must be the same. */
    private static boolean sameForm(RespValue expected, RespValue actual) {
        return expected.getClass() == actual.getClass()
                && !(expected instanceof RespValue.Failure)
                && !(expected instanceof RespValue.Null);
    }

    private void compareChoice(Words command) {
        RespValue expected = redis.call(command);
        RespValue actual = tested.call(command);
        if (!expected.equals(actual)) {
            List<String> drawn = leaves(actual);
            assertThat(sameForm(expected, actual) && leaves(expected).size() == drawn.size())
                    .as(told(expected, actual))
                    .isTrue();
            assertDrawnFromWhatIsThere(command.words(), drawn);
        }
    }

    private void assertDrawnFromWhatIsThere(List<String> words, List<String> drawn) {
        boolean inPairs = words.size() > 3;
        List<String> names = inPairs ? everySecond(drawn, 0) : drawn;
        if (words.size() < 3 || !words.get(2).startsWith("-")) {
            assertThat(names).as("members drawn").doesNotHaveDuplicates();
        }
        switch (words.getFirst().toUpperCase(Locale.ROOT)) {
            case "RANDOMKEY" -> assertThat(redisHas("EXISTS", names)).containsExactly("1");
            case "SRANDMEMBER" ->
                    assertThat(redisHas("SMISMEMBER", words.get(1), names)).containsOnly("1");
            case "HRANDFIELD" -> {
                List<String> values = redisHas("HMGET", words.get(1), names);
                assertThat(values).doesNotContain(absent());
                if (inPairs) {
                    assertThat(everySecond(drawn, 1)).isEqualTo(values);
                }
            }
            case "ZRANDMEMBER" -> {
                List<String> scores = redisHas("ZMSCORE", words.get(1), names);
                assertThat(scores).doesNotContain(absent());
                if (inPairs) {
                    assertThat(withoutSigns(everySecond(drawn, 1))).isEqualTo(withoutSigns(scores));
                }
            }
            default -> throw new AssertionError("no rule for " + words);
        }
    }

    private static List<String> withoutSigns(List<String> scores) {
        return scores.stream().map(score -> score.equals("-0") ? "0" : score).toList();
    }

    private List<String> redisHas(String name, List<String> names) {
        return leaves(redis.call(command(List.of(name), names)));
    }

    private List<String> redisHas(String name, String key, List<String> names) {
        return leaves(redis.call(command(List.of(name, key), names)));
    }

    private static Words command(List<String> first, List<String> rest) {
        return new Words(Stream.concat(first.stream(), rest.stream()).toList());
    }

    /** How a null within {@link #leaves} reads. */
    private static String absent() {
        return "\1absent";
    }

    private static List<String> everySecond(List<String> items, int from) {
        List<String> chosen = new ArrayList<>();
        for (int i = from; i < items.size(); i += 2) {
            chosen.add(items.get(i));
        }
        return chosen;
    }

    /** The texts of a reply's innermost elements, however they are nested. */
    private static List<String> leaves(RespValue reply) {
        return switch (reply) {
            case RespValue.Items(List<RespValue> items) -> leaves(items);
            case RespValue.Members(List<RespValue> items) -> leaves(items);
            case RespValue.Pairs(List<RespValue> items) -> leaves(items);
            case RespValue.Null _ -> List.of(absent());
            default -> List.of(reply.asText());
        };
    }

    private static List<String> leaves(List<RespValue> items) {
        return items.stream().flatMap(item -> leaves(item).stream()).toList();
    }

    /** Redis takes its own choice back and removes what the tested server chose. */
    private void compareRemovedChoice(Words command) {
        RespValue expected = redis.call(command);
        RespValue actual = tested.call(command);
        List<String> redisDrew = leaves(expected);
        List<String> testedDrew = leaves(actual);
        if (expected.equals(actual)) {
            return;
        }
        assertThat(sameForm(expected, actual) && redisDrew.size() == testedDrew.size())
                .as(told(expected, actual))
                .isTrue();
        String key = command.words().get(1);
        if (redisHas("EXISTS", List.of(key)).equals(List.of("0"))) {
            assertThat(testedDrew).as("all members").containsExactlyInAnyOrderElementsOf(redisDrew);
            return;
        }
        RespValue _ = redis.call(command(List.of("SADD", key), redisDrew));
        assertThat(redis.call(command(List.of("SREM", key), testedDrew)))
                .as("members among those that were drawn: %s", actual)
                .isEqualTo(new RespValue.Int(testedDrew.size()));
    }

    private void compareScans(Words command) {
        int cursorAt = command.words().getFirst().equalsIgnoreCase("SCAN") ? 1 : 2;
        boolean fromTheBegin =
                command.words().size() > cursorAt && command.words().get(cursorAt).equals("0");
        RespValue expected = redis.call(command);
        RespValue actual = tested.call(command);
        if (expected instanceof RespValue.Failure || actual instanceof RespValue.Failure) {
            assertThat(actual).isEqualTo(expected);
        } else if (fromTheBegin) {
            assertThat(scan(tested, command, cursorAt, actual))
                    .isEqualTo(scan(redis, command, cursorAt, expected));
        } else {
            assertThat(actual.elements()).as("cursor and page").hasSize(2);
        }
    }

    /** A value or score, without the sign of a score of zero: see {@link Leeway#ZERO}. */
    private static String value(String text) {
        return text.equals("-0") ? "0" : text;
    }

    /** What a scan finds that has begun with {@code page}. */
    private static TreeSet<String> scan(
            RespConnection server, Words command, int cursorAt, RespValue page) {
        boolean inPairs = !command.words().getFirst().toUpperCase(Locale.ROOT).matches("S?SCAN");
        TreeSet<String> found = new TreeSet<>();
        RespValue current = page;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            List<String> elements = leaves(current.elements().get(1));
            for (int i = 0; i < elements.size(); i += inPairs ? 2 : 1) {
                found.add(
                        inPairs
                                ? elements.get(i) + "=" + value(elements.get(i + 1))
                                : elements.get(i));
            }
            String cursor = current.elements().getFirst().asText();
            if (cursor.equals("0")) {
                return found;
            }
            List<String> words = new ArrayList<>(command.words());
            words.set(cursorAt, cursor);
            current = server.call(new Words(words));
        }
        throw new AssertionError("scan without an end");
    }
}
