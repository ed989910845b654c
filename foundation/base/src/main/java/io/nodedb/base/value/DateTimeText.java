package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and times as text: written in PostgreSQL's ISO style; read from ISO 8601 and its usual
 * variants ({@code 20240131}, {@code 2024/1/31}, a space or T before the time, AM/PM, BC, an offset
 * or the name of a zone, {@code infinity}, {@code epoch}).
 */
final class DateTimeText {
    private static final Pattern SHAPE =
            Pattern.compile(
                    "(?:(?:(\\d{1,7})[-/](\\d{1,2})[-/](\\d{1,2})|(\\d{4,7})(\\d{2})(\\d{2}))"
                            + "(?:[T\\s]\\s*|$|(?=[+Z-])))?"
                            + "(?:T?(\\d{1,2}):(\\d{2})(?::(\\d{2})([.,]\\d*)?)?\\s*([AP]M)?)?"
                            + "\\s*(Z|[+-]\\d{1,2}(?::?\\d{2}(?::?\\d{2})?)?|[A-Z][A-Z_/+-]*[A-Z0-9]*)?"
                            + "\\s*(BC|AD)?",
                    Pattern.CASE_INSENSITIVE);

    private DateTimeText() {}

    /** What a text says: a local day and time, and where, as far as given. */
    private record Parts(boolean hasDate, long day, boolean hasTime, long micros, String zone) {}

    static Value.Date readDate(String text) {
        return switch (keyword(text)) {
            case "infinity", "+infinity" -> new Value.Date(Value.Date.INFINITY);
            case "-infinity" -> new Value.Date(Value.Date.NEGATIVE_INFINITY);
            case "epoch" -> new Value.Date(0);
            default -> {
                Parts parts = parse(text, Type.DATE);
                yield Moments.date(withDate(parts, text, Type.DATE).day());
            }
        };
    }

    static Value.Time readTime(String text) {
        Parts parts = parse(text, Type.TIME);
        if (!parts.hasTime()) {
            throw invalid(text, Type.TIME);
        }
        return new Value.Time(parts.micros());
    }

    static long readTimestamp(String text) {
        String word = keyword(text);
        if (isSpecial(word)) {
            return special(word);
        }
        Parts parts = withDate(parse(text, Type.TIMESTAMP), text, Type.TIMESTAMP);
        return Moments.joined(parts.day(), parts.micros(), Type.TIMESTAMP.sqlName());
    }

    /** Without an offset in the text it is a time in {@code zone}. */
    static long readTimestampTz(String text, ZoneId zone) {
        String word = keyword(text);
        if (isSpecial(word)) {
            return special(word);
        }
        Parts parts = withDate(parse(text, Type.TIMESTAMPTZ), text, Type.TIMESTAMPTZ);
        long local = Moments.joined(parts.day(), parts.micros(), Type.TIMESTAMPTZ.sqlName());
        return Moments.toInstant(local, parts.zone().isEmpty() ? zone : readZone(parts.zone()));
    }

    /** A zone by ISO 8601 offset or by name. */
    static ZoneId readZone(String name) {
        try {
            if (name.startsWith("+") || name.startsWith("-")) {
                String digits = name.replace(":", "");
                return ZoneOffset.of(
                        digits.length() == 2 ? digits.charAt(0) + "0" + digits.charAt(1) : digits);
            }
            return ZoneId.of(name.length() <= 3 ? name.toUpperCase(Locale.ROOT) : name);
        } catch (DateTimeException unknown) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "time zone \"" + name + "\" not recognized.",
                    unknown);
        }
    }

    private static String keyword(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isSpecial(String word) {
        return word.endsWith("infinity") || word.equals("epoch");
    }

    private static long special(String word) {
        return switch (word) {
            case "infinity", "+infinity" -> Value.Timestamp.INFINITY;
            case "-infinity" -> Value.Timestamp.NEGATIVE_INFINITY;
            case "epoch" -> 0;
            default -> throw invalid(word, Type.TIMESTAMP);
        };
    }

    private static Parts withDate(Parts parts, String text, Type type) {
        if (!parts.hasDate()) {
            throw invalid(text, type);
        }
        return parts;
    }

    private static Parts parse(String text, Type type) {
        Matcher shape = SHAPE.matcher(text.strip());
        if (text.isBlank() || !shape.matches()) {
            throw invalid(text, type);
        }
        boolean hasDate = shape.group(1) != null || shape.group(4) != null;
        boolean hasTime = shape.group(7) != null;
        try {
            long day = hasDate ? day(shape) : 0;
            long micros = hasTime ? micros(shape, text) : 0;
            String zone = shape.group(12) == null ? "" : shape.group(12);
            if (isEra(zone)) {
                zone = "";
            }
            return new Parts(hasDate, day, hasTime, micros, zone);
        } catch (DateTimeException outOfRange) {
            throw outOfRange(text, outOfRange);
        }
    }

    private static boolean isEra(String word) {
        return word.equalsIgnoreCase("BC") || word.equalsIgnoreCase("AD");
    }

    private static long day(Matcher shape) {
        int first = shape.group(1) != null ? 1 : 4;
        int year = Integer.parseInt(shape.group(first));
        boolean beforeChrist =
                "BC".equalsIgnoreCase(shape.group(13)) || "BC".equalsIgnoreCase(shape.group(12));
        if (year == 0) {
            throw new DateTimeException("there is no year 0");
        }
        return LocalDate.of(
                        beforeChrist ? 1 - year : year,
                        Integer.parseInt(shape.group(first + 1)),
                        Integer.parseInt(shape.group(first + 2)))
                .toEpochDay();
    }

    private static long micros(Matcher shape, String text) {
        int hour = Integer.parseInt(shape.group(7));
        int minute = Integer.parseInt(shape.group(8));
        int second = shape.group(9) == null ? 0 : Integer.parseInt(shape.group(9));
        String half = shape.group(11);
        if (half != null) {
            if (hour < 1 || hour > 12) {
                throw outOfRange(text, null);
            }
            hour = hour % 12 + (half.equalsIgnoreCase("PM") ? 12 : 0);
        }
        if (hour > 24 || minute > 59 || second > 60) {
            throw outOfRange(text, null);
        }
        long micros =
                ((hour * 60L + minute) * 60 + second) * Moments.SECOND_MICROS
                        + fraction(shape.group(10));
        if (micros > Moments.DAY_MICROS) {
            throw outOfRange(text, null);
        }
        return micros;
    }

    private static long fraction(@org.jspecify.annotations.Nullable String digits) {
        if (digits == null || digits.length() == 1) {
            return 0;
        }
        return new BigDecimal("0." + digits.substring(1))
                .movePointRight(6)
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValue();
    }

    static String writeDate(Value.Date date) {
        if (!date.isFinite()) {
            return date.days() > 0 ? "infinity" : "-infinity";
        }
        LocalDate day = LocalDate.ofEpochDay(date.days());
        return dayText(day) + era(day);
    }

    static String writeTime(long micros) {
        return clockText(micros);
    }

    static String writeTimestamp(long micros) {
        if (!new Value.Timestamp(micros).isFinite()) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, Moments.DAY_MICROS));
        return dayText(day) + " " + clockText(Math.floorMod(micros, Moments.DAY_MICROS)) + era(day);
    }

    static String writeTimestampTz(long micros, ZoneId zone) {
        if (!new Value.Timestamp(micros).isFinite()) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        long local = Moments.toLocal(micros, zone);
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(local, Moments.DAY_MICROS));
        return dayText(day)
                + " "
                + clockText(Math.floorMod(local, Moments.DAY_MICROS))
                + offsetText((local - micros) / Moments.SECOND_MICROS)
                + era(day);
    }

    private static String dayText(LocalDate day) {
        int year = day.getYear() > 0 ? day.getYear() : 1 - day.getYear();
        StringBuilder text = new StringBuilder();
        padded(text, year, 4).append('-');
        padded(text, day.getMonthValue(), 2).append('-');
        return padded(text, day.getDayOfMonth(), 2).toString();
    }

    private static String era(LocalDate day) {
        return day.getYear() > 0 ? "" : " BC";
    }

    /** {@code 04:05:06.7}: hours may have more digits in an interval. */
    static String clockText(long micros) {
        long seconds = micros / Moments.SECOND_MICROS;
        StringBuilder text = new StringBuilder();
        padded(text, seconds / 3600, 2).append(':');
        padded(text, seconds / 60 % 60, 2).append(':');
        padded(text, seconds % 60, 2);
        long rest = micros % Moments.SECOND_MICROS;
        if (rest != 0) {
            padded(text.append('.'), rest, 6);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.toString();
    }

    private static String offsetText(long seconds) {
        long size = Math.abs(seconds);
        StringBuilder text = new StringBuilder(seconds < 0 ? "-" : "+");
        padded(text, size / 3600, 2);
        if (size % 3600 != 0) {
            padded(text.append(':'), size / 60 % 60, 2);
        }
        if (size % 60 != 0) {
            padded(text.append(':'), size % 60, 2);
        }
        return text.toString();
    }

    private static StringBuilder padded(StringBuilder text, long number, int digits) {
        String plain = Long.toString(number);
        return text.repeat('0', Math.max(0, digits - plain.length())).append(plain);
    }

    private static NodeDbException invalid(String text, Type type) {
        return new NodeDbException(
                ErrorCode.INVALID_DATETIME,
                "invalid input syntax for type " + type.sqlName() + ": \"" + text + "\".");
    }

    private static NodeDbException outOfRange(
            String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new NodeDbException(
                ErrorCode.DATETIME_OVERFLOW,
                "date/time field value out of range: \"" + text + "\".",
                cause);
    }
}
