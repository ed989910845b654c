package io.nodedb.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must be in the database, from what its processes told: each actor's last acknowledged step,
 * or the one that it had begun; nothing else. The changes that the feeds told make up the same.
 */
final class CrashModel {
    private static final String COUNTER = "counter";

    private final Map<String, @Nullable String> acknowledged = new HashMap<>();
    private final Map<String, Line> begun = new HashMap<>();
    private final TreeMap<String, String> told = new TreeMap<>();
    private final Set<String> toldChanges = new HashSet<>();
    private long increments;
    private long position;

    long position() {
        return position;
    }

    void take(Line line) {
        switch (line.kind()) {
            case Line.BEGIN -> begun.put(line.word(0), line);
            case Line.ACK -> {
                Line step = begun.remove(line.word(0));
                if (step.word(1).equals("increment")) {
                    increments++;
                }
                acknowledged.putAll(writes(step));
            }
            case Line.REFUSED -> begun.remove(line.word(0));
            case Line.CHANGE -> change(line);
            case Line.POSITION -> position = Math.max(position, Long.parseLong(line.word(0)));
            default -> {}
        }
    }

    private void change(Line line) {
        // Told at least once: what comes again after a restart is known by its place.
        if (!toldChanges.add(line.word(0) + "/" + line.word(1))) {
            return;
        }
        String key = line.word(2);
        // What has expired is no value before, whether or not its deletion was told.
        if (!isTimed(key) || line.value(4) != null) {
            assertThat(line.value(4)).as("the value before, of %s", line).isEqualTo(told.get(key));
        }
        String value = line.value(3);
        if (value == null) {
            told.remove(key);
        } else {
            told.put(key, value);
        }
    }

    private static Map<String, @Nullable String> writes(Line step) {
        Map<String, @Nullable String> writes = new HashMap<>();
        for (String write : step.words().subList(2, step.words().size())) {
            int equals = write.indexOf('=');
            String value = write.substring(equals + 1);
            writes.put(write.substring(0, equals), value.equals(Line.NOTHING) ? null : value);
        }
        return writes;
    }

    /** Compares, and from then on expects what was found where a step had been begun. */
    void compare(Map<String, String> found) {
        compareCounter(found);
        compareAccounts(found);
        List<Line> open = new ArrayList<>(begun.values());
        begun.clear();
        for (Line step : open) {
            Map<String, @Nullable String> writes = writes(step);
            if (!step.word(1).equals("timed") && isDone(writes, found)) {
                acknowledged.putAll(writes);
            } else if (step.word(1).equals("timed")) {
                writes.keySet().forEach(acknowledged::remove);
            }
        }
        acknowledged.forEach((key, value) -> {
            String there = found.get(key);
            if (isTimed(key)) {
                assertThat(there).as(key).isIn(null, value);
            } else {
                assertThat(there).as("acknowledged value of %s", key).isEqualTo(value);
            }
        });
        found.keySet().stream()
                .filter(key -> key.startsWith("a") && key.contains(".") && !isTimed(key))
                .forEach(key -> assertThat(acknowledged).containsKey(key));
    }

    /** All of a step or nothing: the comparison that follows finds a half. */
    private static boolean isDone(Map<String, @Nullable String> writes, Map<String, String> found) {
        return writes.entrySet().stream()
                .anyMatch(write ->
                        java.util.Objects.equals(found.get(write.getKey()), write.getValue()));
    }

    private static boolean isTimed(String key) {
        return key.contains(".t");
    }

    private void compareCounter(Map<String, String> found) {
        long open = begun.values().stream().filter(s -> s.word(1).equals("increment")).count();
        long there = Long.parseLong(found.getOrDefault(COUNTER, "0"));
        assertThat(there).as("increments").isBetween(increments, increments + open);
        increments = there;
    }

    private static void compareAccounts(Map<String, String> found) {
        long sum =
                found.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("account"))
                        .mapToLong(entry -> Long.parseLong(entry.getValue()))
                        .sum();
        assertThat(sum).as("sum of all accounts").isZero();
    }

    /** The feeds' changes, put together, are the database. */
    void compareFeed(Map<String, String> found) {
        Map<String, String> lasting = new TreeMap<>(found);
        lasting.keySet().removeIf(CrashModel::isTimed);
        Map<String, String> toldLasting = new TreeMap<>(told);
        toldLasting.keySet().removeIf(CrashModel::isTimed);
        assertThat(toldLasting).as("what the feeds told").isEqualTo(lasting);
    }
}
