package io.nodedb.server.resp.differential;

import io.nodedb.server.resp.probe.Words;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * An endless row of commands on a few shared keys: all data commands that Redis 7.0 knows, some of
 * them spoilt. The same seed gives the same row. Nothing that is drawn comes due while a test runs,
 * because no clock of two servers is the same, and nothing takes more memory than a test can bear.
 */
final class RandomCommands {
    private static final Pattern LEX_KEY = Pattern.compile("lex\\d");
    private static final Set<String> RELATIVE_EXPIRY =
            Set.of("EXPIRE", "PEXPIRE", "SETEX", "PSETEX");
    private static final Set<String> WAIT_AT_MOST_THE_LAST =
            Set.of("BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BZPOPMIN", "BZPOPMAX");
    private static final Set<String> WAIT_AT_MOST_THE_FIRST = Set.of("BLMPOP", "BZMPOP");
    private static final double LONGEST_WAIT_SECONDS = 0.01;

    /** More is refused. */
    private static final double IMPOSSIBLE_WAIT_SECONDS = 1e17;

    private static final Set<String> EXPIRY_OPTIONS = Set.of("EX", "PX");
    private static final Set<String> RANDOM_CHOICE =
            Set.of("SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER");

    /** As milliseconds more than a day, far longer than any test. */
    private static final long SHORTEST_EXPIRY = 100_000_000;

    /** In seconds three times what a test takes at most. */
    private static final long SHORTEST_EXPIRY_SECONDS = 100_000;

    /** How often a negative count may repeat members: the reply has that many. */
    private static final long MOST_REPETITIONS = 1_000;

    private final CommandTable table = new CommandTable();
    private final Draw draw;

    RandomCommands(SplittableRandom random) {
        this.draw = Draw.amongAllKeys(random);
        KeyCommands.addTo(table, draw);
        ConnectionCommands.addTo(table, draw);
        StringCommands.addTo(table, Draw.mostlyAmong(0, 7, random));
        HashCommands.addTo(table, Draw.mostlyAmong(7, 5, random));
        SetCommands.addTo(table, Draw.mostlyAmong(12, 6, random));
        ListCommands.addTo(table, Draw.mostlyAmong(18, 5, random));
        SortedSetCommands.addTo(table, Draw.mostlyAmong(23, 7, random));
    }

    Set<String> names() {
        return table.names();
    }

    /** What both servers hold before the first command. */
    static Words preparation() {
        return Words.of("SET", Draw.FROZEN_STRING, "text");
    }

    Words next() {
        while (true) {
            List<String> words = table.draw(draw);
            if (draw.oneIn(15)) {
                spoil(words);
            }
            if (draw.oneIn(10)) {
                words.set(0, words.getFirst().toLowerCase(Locale.ROOT));
            }
            if (isBearable(words)) {
                return new Words(words);
            }
        }
    }

    /** Makes the arity wrong, the order wrong, or an argument. */
    private void spoil(List<String> words) {
        boolean hasLexKey = words.stream().anyMatch(w -> LEX_KEY.matcher(w).matches());
        if (hasLexKey || draw.oneIn(3)) {
            if (words.size() > 1) {
                words.removeLast();
            }
        } else if (words.size() < 3 || draw.oneIn(3)) {
            words.add(draw.junk());
        } else if (draw.oneIn(2)) {
            words.set(1 + draw.below(words.size() - 1), draw.junk());
        } else {
            String moved = words.remove(1 + draw.below(words.size() - 1));
            words.add(1 + draw.below(words.size()), moved);
        }
    }

    private static boolean isBearable(List<String> words) {
        String name = words.getFirst().toUpperCase(Locale.ROOT);
        if (RELATIVE_EXPIRY.contains(name)) {
            return words.stream().skip(1).noneMatch(word -> comesDueSoon(name, word));
        }
        if (name.equals("SET") || name.equals("GETEX")) {
            for (int i = 1; i + 1 < words.size(); i++) {
                String option = words.get(i).toUpperCase(Locale.ROOT);
                if (EXPIRY_OPTIONS.contains(option) && comesDueSoon(option, words.get(i + 1))) {
                    return false;
                }
            }
        }
        if (name.equals("WAIT")) {
            return words.size() < 2 || number(words.get(1)) <= 0; // Redis waits for replicas
        }
        if (WAIT_AT_MOST_THE_LAST.contains(name)) {
            return !waitsLong(words.getLast());
        }
        if (WAIT_AT_MOST_THE_FIRST.contains(name)) {
            return words.size() < 2 || !waitsLong(words.get(1));
        }
        if (name.equals("SORT") || name.equals("SORT_RO")) {
            return !sortsByNothing(words);
        }
        if (RANDOM_CHOICE.contains(name)) {
            return words.stream().skip(1).noneMatch(RandomCommands::isCountOfManyRepetitions);
        }
        return true;
    }

    /** Nobody writes while a command waits. */
    private static boolean waitsLong(String seconds) {
        try {
            double wait = Double.parseDouble(seconds);
            return wait == 0 || (wait > LONGEST_WAIT_SECONDS && wait < IMPOSSIBLE_WAIT_SECONDS);
        } catch (NumberFormatException _) {
            return seconds.contains("x");
        }
    }

    /** By a name without a star: in the order of a set, which is nobody's promise. */
    private static boolean sortsByNothing(List<String> words) {
        for (int i = 1; i + 1 < words.size(); i++) {
            String by = words.get(i + 1);
            if (words.get(i).equalsIgnoreCase("BY") && !by.contains("*") && !by.equals("nosort")) {
                return true;
            }
        }
        return false;
    }

    private static boolean comesDueSoon(String unit, String word) {
        long shortest = unit.startsWith("P") ? SHORTEST_EXPIRY : SHORTEST_EXPIRY_SECONDS;
        long time = number(word);
        return time > 0 && time < shortest;
    }

    private static boolean isCountOfManyRepetitions(String word) {
        long count = number(word);
        return count < -MOST_REPETITIONS && count > Long.MIN_VALUE;
    }

    private static long number(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
