package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Intervals as text, in PostgreSQL's style: {@code 1 year 2 mons -3 days +04:05:06.7}. Also read:
 * ISO 8601 durations ({@code P1Y2M3DT4H}), units in words and their short forms, fractions (which
 * flow into smaller units with months of 30 days), a leading {@code @} and a closing {@code ago}.
 */
final class IntervalText {
    private static final Pattern PART =
            Pattern.compile(
                    "\\s*(?:([+-]?)(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d*)?))?"
                            + "|([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))\\s*([a-zµ]+)?)");
    private static final Pattern ISO_PART =
            Pattern.compile("(T)?([+-]?\\d+(?:\\.\\d*)?)([YMWDHS])");
    private static final BigDecimal MONTH_DAYS = BigDecimal.valueOf(30);
    private static final BigDecimal DAY = BigDecimal.valueOf(Moments.DAY_MICROS);
    private static final BigDecimal SECOND = BigDecimal.valueOf(Moments.SECOND_MICROS);

    private final String text;
    private BigDecimal months = BigDecimal.ZERO;
    private BigDecimal days = BigDecimal.ZERO;
    private BigDecimal micros = BigDecimal.ZERO;

    private IntervalText(String text) {
        this.text = text;
    }

    static Value.Interval read(String text) {
        IntervalText reader = new IntervalText(text);
        String body = text.strip();
        if (body.startsWith("P")) {
            reader.readIso(body.substring(1));
            return reader.result(1);
        }
        body = body.toLowerCase(Locale.ROOT);
        if (body.startsWith("@")) {
            body = body.substring(1);
        }
        int sign = 1;
        if (body.endsWith("ago")) {
            body = body.substring(0, body.length() - 3);
            sign = -1;
        }
        reader.readParts(body.stripTrailing());
        return reader.result(sign);
    }

    private void readIso(String body) {
        Matcher part = ISO_PART.matcher(body);
        int at = 0;
        boolean inTime = false;
        while (at < body.length()) {
            if (!part.find(at) || part.start() != at) {
                throw invalid();
            }
            inTime |= part.group(1) != null;
            BigDecimal amount = new BigDecimal(part.group(2));
            switch (part.group(3)) {
                case "Y" -> addUnit(amount, "year");
                case "M" -> addUnit(amount, inTime ? "minute" : "month");
                case "W" -> addUnit(amount, "week");
                case "D" -> addUnit(amount, "day");
                case "H" -> addUnit(amount, "hour");
                default -> addUnit(amount, "second");
            }
            at = part.end();
        }
        if (at == 0) {
            throw invalid();
        }
    }

    private void readParts(String body) {
        Matcher part = PART.matcher(body);
        int at = 0;
        while (at < body.length()) {
            if (!part.find(at) || part.start() != at) {
                throw invalid();
            }
            at = part.end();
            if (part.group(2) != null) {
                addClock(part);
            } else if (part.group(6) != null) {
                addUnit(new BigDecimal(part.group(5)), part.group(6));
            } else if (at == body.length()) {
                addUnit(new BigDecimal(part.group(5)), "second");
            } else {
                throw invalid();
            }
        }
        if (at == 0) {
            throw invalid();
        }
    }

    private void addClock(Matcher part) {
        BigDecimal seconds =
                new BigDecimal(part.group(2))
                        .multiply(BigDecimal.valueOf(60))
                        .add(new BigDecimal(part.group(3)))
                        .multiply(BigDecimal.valueOf(60));
        if (part.group(4) != null) {
            seconds = seconds.add(new BigDecimal(part.group(4)));
        }
        BigDecimal amount = seconds.multiply(SECOND);
        micros = micros.add(part.group(1).equals("-") ? amount.negate() : amount);
    }

    private void addUnit(BigDecimal amount, String unit) {
        switch (unit) {
            case "millennium", "millennia", "millenniums", "mil", "mils" ->
                    addMonths(amount, 12_000);
            case "century", "centuries", "c", "cent" -> addMonths(amount, 1_200);
            case "decade", "decades", "dec", "decs" -> addMonths(amount, 120);
            case "year", "years", "y", "yr", "yrs" -> addMonths(amount, 12);
            case "month", "months", "mon", "mons" -> addMonths(amount, 1);
            case "week", "weeks", "w" -> addDays(amount.multiply(BigDecimal.valueOf(7)));
            case "day", "days", "d" -> addDays(amount);
            case "hour", "hours", "h", "hr", "hrs" -> addSeconds(amount, 3_600);
            case "minute", "minutes", "m", "min", "mins" -> addSeconds(amount, 60);
            case "second", "seconds", "s", "sec", "secs" -> addSeconds(amount, 1);
            case "millisecond", "milliseconds", "ms", "msec", "msecs" ->
                    micros = micros.add(amount.movePointRight(3));
            case "microsecond", "microseconds", "us", "µs", "usec", "usecs" ->
                    micros = micros.add(amount);
            default -> throw invalid();
        }
    }

    /** The fraction of a year is months; that of a month, days of a month of 30. */
    private void addMonths(BigDecimal amount, int unitMonths) {
        BigDecimal all = amount.multiply(BigDecimal.valueOf(unitMonths));
        if (unitMonths > 1) {
            months = months.add(all.setScale(0, RoundingMode.HALF_EVEN));
            return;
        }
        BigDecimal whole = all.setScale(0, RoundingMode.DOWN);
        months = months.add(whole);
        addDays(all.subtract(whole).multiply(MONTH_DAYS));
    }

    private void addDays(BigDecimal amount) {
        BigDecimal whole = amount.setScale(0, RoundingMode.DOWN);
        days = days.add(whole);
        micros = micros.add(amount.subtract(whole).multiply(DAY));
    }

    private void addSeconds(BigDecimal amount, int unitSeconds) {
        micros = micros.add(amount.multiply(BigDecimal.valueOf(unitSeconds)).multiply(SECOND));
    }

    private Value.Interval result(int sign) {
        BigDecimal factor = BigDecimal.valueOf(sign);
        try {
            return new Value.Interval(
                    months.multiply(factor).intValueExact(),
                    days.multiply(factor).intValueExact(),
                    micros.multiply(factor).setScale(0, RoundingMode.HALF_EVEN).longValueExact());
        } catch (ArithmeticException tooLarge) {
            throw new NodeDbException(
                    ErrorCode.DATETIME_OVERFLOW,
                    "interval field value out of range: \"" + text + "\".",
                    tooLarge);
        }
    }

    private NodeDbException invalid() {
        return new NodeDbException(
                ErrorCode.INVALID_DATETIME,
                "invalid input syntax for type interval: \"" + text + "\".");
    }

    static String write(Value.Interval interval) {
        StringBuilder target = new StringBuilder();
        boolean afterNegative = put(target, interval.months() / 12, "year", false);
        afterNegative = put(target, interval.months() % 12, "mon", afterNegative);
        afterNegative = put(target, interval.days(), "day", afterNegative);
        if (interval.micros() != 0 || target.isEmpty()) {
            if (!target.isEmpty()) {
                target.append(' ');
            }
            if (interval.micros() < 0) {
                target.append('-');
            } else if (afterNegative) {
                target.append('+');
            }
            putClock(target, interval.micros());
        }
        return target.toString();
    }

    private static void putClock(StringBuilder target, long micros) {
        if (micros == Long.MIN_VALUE) {
            target.append("2562047788:00:54.775808");
        } else {
            target.append(DateTimeText.clockText(Math.abs(micros)));
        }
    }

    /** PostgreSQL writes a plus sign after a negative part. */
    private static boolean put(
            StringBuilder target, int amount, String unit, boolean afterNegative) {
        if (amount == 0) {
            return afterNegative;
        }
        if (!target.isEmpty()) {
            target.append(' ');
        }
        if (amount > 0 && afterNegative) {
            target.append('+');
        }
        target.append(amount).append(' ').append(unit).append(amount == 1 ? "" : "s");
        return amount < 0;
    }
}
