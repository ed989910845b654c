package io.nodedb.bench.trial;

import io.nodedb.base.ownership.Immutable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a trial is asked to do: names with values, handed over as {@code name=value}. */
@Immutable
public record TrialInput(Map<String, String> values) {
    /** Nothing asked yet. */
    public static final TrialInput EMPTY = new TrialInput(Map.of());

    public TrialInput {
        values = Map.copyOf(values);
    }

    static TrialInput parse(List<String> arguments) {
        TrialInput input = EMPTY;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            input = input.with(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return input;
    }

    List<String> arguments() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
    }

    /** This input with one value more. */
    public TrialInput with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value.toString());
        return new TrialInput(more);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The trial was not told: name=" + name);
        }
        return value;
    }

    public long number(String name) {
        return Long.parseLong(text(name));
    }

    public int count(String name) {
        return Integer.parseInt(text(name));
    }

    /** A time given in milliseconds, in nanoseconds. */
    public long nanos(String name) {
        return TimeUnit.MILLISECONDS.toNanos(number(name));
    }

    public Path path(String name) {
        return Path.of(text(name));
    }
}
