package io.nodedb.base.settings;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The definition of one setting. Its key is {@code snake_case}; its environment variable is {@code
 * NODEDB_} and the key in capitals.
 *
 * @param <T> the value's type: Integer, Long (bytes), Duration, Double, Boolean, String or an enum
 */
@Immutable
public final class Setting<T extends Comparable<T>> {
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    /** Sorts behind every text: U+FFFF is no character. */
    private static final String BEHIND_EVERY_TEXT = "\uffff";

    private static final int HIGHEST_PORT = 65_535;

    private final String key;
    private final SettingUnit<T> unit;
    private final T defaultValue;
    private final T min;
    private final T max;
    private final String description;

    private Setting(
            String key, SettingUnit<T> unit, T defaultValue, T min, T max, String description) {
        this.key = key;
        this.unit = unit;
        this.defaultValue = defaultValue;
        this.min = min;
        this.max = max;
        this.description = description;
        Check.that(KEY.matcher(key).matches(), "setting key is snake_case");
        Check.that(isAllowed(defaultValue), "default lies in the allowed range");
    }

    /** A size in bytes; written with B, KiB, MiB or GiB. */
    public static Setting<Long> bytes(
            String key, long defaultValue, long min, long max, String description) {
        return new Setting<>(key, SettingUnit.BYTES, defaultValue, min, max, description);
    }

    /** A duration; written with ns, us, ms, s, m, h or d. */
    public static Setting<Duration> duration(
            String key, Duration defaultValue, Duration min, Duration max, String description) {
        return new Setting<>(key, SettingUnit.DURATION, defaultValue, min, max, description);
    }

    /** A number of things. */
    public static Setting<Integer> count(
            String key, int defaultValue, int min, int max, String description) {
        return new Setting<>(key, SettingUnit.COUNT, defaultValue, min, max, description);
    }

    /** A share from 0 to 100 %. */
    public static Setting<Integer> percent(String key, int defaultValue, String description) {
        return new Setting<>(key, SettingUnit.PERCENT, defaultValue, 0, 100, description);
    }

    /** A share from 0 to 1. */
    public static Setting<Double> ratio(String key, double defaultValue, String description) {
        return new Setting<>(key, SettingUnit.RATIO, defaultValue, 0.0, 1.0, description);
    }

    /** On or off. */
    public static Setting<Boolean> flag(String key, boolean defaultValue, String description) {
        return new Setting<>(key, SettingUnit.FLAG, defaultValue, false, true, description);
    }

    /** Any text. */
    public static Setting<String> text(String key, String defaultValue, String description) {
        return new Setting<>(
                key, SettingUnit.TEXT, defaultValue, "", BEHIND_EVERY_TEXT, description);
    }

    /** A text that is never shown; empty when there is none. */
    public static Setting<String> secret(String key, String description) {
        return new Setting<>(key, SettingUnit.SECRET, "", "", BEHIND_EVERY_TEXT, description);
    }

    /** One constant of an enum, written in lower case. */
    public static <E extends Enum<E>> Setting<E> choice(
            String key, E defaultValue, String description) {
        SettingUnit<E> unit = SettingUnit.choice(defaultValue.getDeclaringClass());
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        return new Setting<>(
                key,
                unit,
                defaultValue,
                constants[0],
                constants[constants.length - 1],
                description);
    }

    /** A port to listen at; 0 takes any free one, {@code off} (-1) none. */
    public static Setting<Integer> port(String key, int defaultValue, String description) {
        return new Setting<>(
                key,
                SettingUnit.PORT,
                defaultValue,
                SettingUnit.PORT_OFF,
                HIGHEST_PORT,
                description);
    }

    public String key() {
        return key;
    }

    public String environmentVariable() {
        return Settings.ENVIRONMENT_PREFIX + key.toUpperCase(java.util.Locale.ROOT);
    }

    public SettingUnit<T> unit() {
        return unit;
    }

    public T defaultValue() {
        return defaultValue;
    }

    /** The least allowed value. */
    public T min() {
        return min;
    }

    /** The greatest allowed value. */
    public T max() {
        return max;
    }

    /** One line for documentation and {@code SHOW}. */
    public String description() {
        return description;
    }

    boolean isAllowed(T value) {
        return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    @Override
    public String toString() {
        return key;
    }
}
