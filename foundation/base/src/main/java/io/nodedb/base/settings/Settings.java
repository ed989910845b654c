package io.nodedb.base.settings;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one process's settings: explicit (a flag or the embedding program) before the
 * environment before the file before the default. Built once; a value that is unknown, malformed or
 * out of range is refused with {@link ErrorCode#INVALID_ARGUMENT} and the place it came from.
 */
@Immutable
public final class Settings {
    /** Before the key, in capitals, in an environment variable. */
    public static final String ENVIRONMENT_PREFIX = "NODEDB_";

    /** Where a value comes from, strongest first. */
    public enum Origin {
        EXPLICIT,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    private record Value(Object value, Origin origin) {}

    private static final Settings DEFAULTS = new Settings(Map.of());

    private final Map<Setting<?>, Value> values;

    private Settings(Map<Setting<?>, Value> values) {
        this.values = Map.copyOf(values);
    }

    /** Every setting at its default. */
    public static Settings defaults() {
        return DEFAULTS;
    }

    /** Starts from a list of all settings that may be named. */
    public static Builder builder(Collection<? extends Setting<?>> known) {
        return new Builder(known);
    }

    /** The value of a setting. */
    @SuppressWarnings("unchecked") // put() stores under a setting only what its unit produced
    public <T extends Comparable<T>> T get(Setting<T> setting) {
        Value set = values.get(setting);
        return set == null ? setting.defaultValue() : (T) set.value();
    }

    /** The value of a duration, in nanoseconds. */
    public long nanos(Setting<Duration> setting) {
        return get(setting).toNanos();
    }

    /** The value of a duration, in whole milliseconds. */
    public long millis(Setting<Duration> setting) {
        return get(setting).toMillis();
    }

    /** Where the value of a setting comes from. */
    public Origin origin(Setting<?> setting) {
        Value set = values.get(setting);
        return set == null ? Origin.DEFAULT : set.origin();
    }

    /** The value of a setting as text. */
    public <T extends Comparable<T>> String format(Setting<T> setting) {
        return setting.unit().format(get(setting));
    }

    /** These settings with one explicit value changed. */
    public <T extends Comparable<T>> Settings with(Setting<T> setting, T value) {
        if (!setting.isAllowed(value)) {
            throw outOfRange(setting, setting.unit().format(value), Origin.EXPLICIT);
        }
        Map<Setting<?>, Value> changed = new HashMap<>(values);
        changed.put(setting, new Value(value, Origin.EXPLICIT));
        return new Settings(changed);
    }

    private static <T extends Comparable<T>> NodeDbException outOfRange(
            Setting<T> setting, String text, Origin origin) {
        return new NodeDbException(
                ErrorCode.INVALID_ARGUMENT,
                "setting out of range: %s=%s origin=%s min=%s max=%s"
                        .formatted(
                                setting.key(),
                                text,
                                nameOf(origin),
                                setting.unit().format(setting.min()),
                                setting.unit().format(setting.max())));
    }

    private static String nameOf(Origin origin) {
        return origin.name().toLowerCase(Locale.ROOT);
    }

    /** Collects texts from the three sources; {@link #build} takes the strongest of each key. */
    public static final class Builder {
        private final Map<String, Setting<?>> known = new LinkedHashMap<>();
        private final Map<Setting<?>, Value> values = new HashMap<>();

        private Builder(Collection<? extends Setting<?>> all) {
            for (Setting<?> setting : all) {
                if (known.put(setting.key(), setting) != null) {
                    throw new IllegalArgumentException("two settings named " + setting.key());
                }
            }
        }

        /** Adds one value from a flag or from the embedding program. */
        public Builder explicit(String key, String text) {
            put(key, text, Origin.EXPLICIT);
            return this;
        }

        /** Adds an environment: the variables whose names start with {@code NODEDB_}. */
        public Builder environment(Map<String, String> variables) {
            variables.forEach((name, text) -> {
                if (name.startsWith(ENVIRONMENT_PREFIX)) {
                    String key =
                            name.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
                    put(key, text, Origin.ENVIRONMENT);
                }
            });
            return this;
        }

        /** Adds the keys and values of a configuration file. */
        public Builder file(Map<String, String> entries) {
            entries.forEach((key, text) -> put(key, text, Origin.FILE));
            return this;
        }

        /** The settings; calls may follow in any order before. */
        public Settings build() {
            return new Settings(values);
        }

        private void put(String key, String text, Origin origin) {
            Setting<?> setting = known.get(key);
            if (setting == null) {
                throw unknown(key, origin);
            }
            Value value = new Value(parsed(setting, text, origin), origin);
            values.merge(
                    setting,
                    value,
                    (old, added) -> added.origin().compareTo(old.origin()) <= 0 ? added : old);
        }

        private static <T extends Comparable<T>> T parsed(
                Setting<T> setting, String text, Origin origin) {
            T value =
                    setting.unit()
                            .parse(text)
                            .orElseThrow(() ->
                                    new NodeDbException(
                                            ErrorCode.INVALID_ARGUMENT,
                                            "malformed setting: %s=%s origin=%s expected %s"
                                                    .formatted(
                                                            setting.key(),
                                                            text,
                                                            nameOf(origin),
                                                            setting.unit().form())));
            if (!setting.isAllowed(value)) {
                throw outOfRange(setting, text, origin);
            }
            return value;
        }

        private NodeDbException unknown(String key, Origin origin) {
            String nearest = NearestName.of(key, List.copyOf(known.keySet()));
            return new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "unknown setting: key=%s origin=%s%s"
                            .formatted(key, nameOf(origin), suggestion(nearest)));
        }

        private static String suggestion(@Nullable String nearest) {
            return nearest == null ? "" : " did you mean " + nearest + "?";
        }
    }
}
