package io.nodedb.base.settings;

import io.nodedb.base.ownership.Immutable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a setting's value is written: parses text and formats it back in its largest whole unit. */
@Immutable
public final class SettingUnit<T> {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,19})\\s*([A-Za-z]*)");
    private static final Map<String, Long> SIZES =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Long> NANOS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L,
                    "d", 86_400_000_000_000L);

    static final SettingUnit<Long> BYTES =
            new SettingUnit<>(
                    "a size such as 64MiB (units B, KiB, MiB, GiB)",
                    text -> scaled(text, SIZES),
                    bytes -> inLargestUnit(bytes, SIZES));

    static final SettingUnit<Duration> DURATION =
            new SettingUnit<>(
                    "a duration such as 30s (units ns, us, ms, s, m, h, d)",
                    text -> scaled(text, NANOS).map(Duration::ofNanos),
                    duration -> inLargestUnit(duration.toNanos(), NANOS));

    static final SettingUnit<Integer> COUNT =
            new SettingUnit<>("a whole number", SettingUnit::wholeNumber, String::valueOf);

    static final SettingUnit<Integer> PERCENT =
            new SettingUnit<>(
                    "a percentage such as 85 or 85%",
                    text -> wholeNumber(text.endsWith("%") ? text.replace("%", "") : text),
                    percent -> percent + "%");

    static final SettingUnit<Double> RATIO =
            new SettingUnit<>("a number from 0 to 1", SettingUnit::fraction, String::valueOf);

    static final SettingUnit<Boolean> FLAG =
            new SettingUnit<>("true or false", SettingUnit::truth, String::valueOf);

    /** The value of a port that is not to be opened. */
    public static final int PORT_OFF = -1;

    static final SettingUnit<Integer> PORT =
            new SettingUnit<>(
                    "a port from 0 (any free one) to 65535, or off",
                    SettingUnit::port,
                    port -> port == PORT_OFF ? "off" : String.valueOf(port));

    static final SettingUnit<String> TEXT = new SettingUnit<>("a text", Optional::of, text -> text);

    /** What is written shows no more than whether there is one. */
    static final SettingUnit<String> SECRET =
            new SettingUnit<>("a text", Optional::of, text -> text.isEmpty() ? "" : "(secret)");

    private final String form;
    private final Function<String, Optional<T>> parser;
    private final Function<T, String> formatter;

    private SettingUnit(
            String form, Function<String, Optional<T>> parser, Function<T, String> formatter) {
        this.form = form;
        this.parser = parser;
        this.formatter = formatter;
    }

    static <E extends Enum<E>> SettingUnit<E> choice(Class<E> type) {
        Map<String, E> constants = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            constants.put(nameOf(constant), constant);
        }
        return new SettingUnit<>(
                "one of " + String.join(", ", constants.keySet()),
                text -> Optional.ofNullable(constants.get(text.toLowerCase(Locale.ROOT))),
                SettingUnit::nameOf);
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What a value looks like, for messages: {@code a size such as 64MiB …}. */
    public String form() {
        return form;
    }

    /** The value of a text; empty when it has not the {@link #form()}. */
    public Optional<T> parse(String text) {
        return parser.apply(text.strip());
    }

    /** The text of a value, which {@link #parse} reads back; a secret's is not told. */
    public String format(T value) {
        return formatter.apply(value);
    }

    private static Optional<Long> scaled(String text, Map<String, Long> units) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Long factor = unitOf(matcher.group(2), units);
        try {
            long number = Long.parseLong(matcher.group(1));
            if (factor == null) {
                // Only nothing needs no unit.
                return number == 0 && matcher.group(2).isEmpty()
                        ? Optional.of(0L)
                        : Optional.empty();
            }
            return Optional.of(Math.multiplyExact(number, factor));
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    private static @org.jspecify.annotations.Nullable Long unitOf(
            String name, Map<String, Long> units) {
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (unit.getKey().equalsIgnoreCase(name)) {
                return unit.getValue();
            }
        }
        return null;
    }

    private static String inLargestUnit(long value, Map<String, Long> units) {
        String best = "";
        long factor = 0;
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (value % unit.getValue() == 0 && unit.getValue() > factor) {
                best = unit.getKey();
                factor = unit.getValue();
            }
        }
        return value == 0 ? "0" : value / factor + best;
    }

    private static Optional<Integer> wholeNumber(String text) {
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> port(String text) {
        if (text.equalsIgnoreCase("off")) {
            return Optional.of(PORT_OFF);
        }
        // The number that stands for off is not for people.
        return wholeNumber(text).filter(port -> port != PORT_OFF);
    }

    private static Optional<Double> fraction(String text) {
        try {
            return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
        } catch (NumberFormatException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> Optional.of(true);
            case "false", "off", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
