package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Moments;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.Value.Interval;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Parts of dates, times and intervals: extract, date_trunc, age. */
final class DateFields {
    private DateFields() {}

    static Value extract(String field, Value source, ZoneId zone) {
        String name = field.toLowerCase(Locale.ROOT);
        return switch (source) {
            case Value.Date date when !date.isFinite() ->
                    infinite(name, date.days() > 0, field, source);
            case Value.Timestamp moment when !moment.isFinite() ->
                    infinite(name, moment.micros() > 0, field, source);
            case Value.TimestampTz moment when !moment.isFinite() ->
                    infinite(name, moment.micros() > 0, field, source);
            case Value.Date date -> {
                if (isClock(name)) {
                    throw unsupported(field, source);
                }
                yield ofLocal(name, Moments.microsOfDay(date.days(), "date"), 0, field, source);
            }
            case Value.Timestamp moment -> ofLocal(name, moment.micros(), 0, field, source);
            case Value.TimestampTz moment -> ofInstant(name, moment, zone, field);
            case Value.Time time -> {
                if (name.equals("epoch")) {
                    yield seconds(time.micros());
                }
                yield clock(name, time.micros(), field, source);
            }
            case Interval interval -> ofInterval(name, interval, field);
            default -> throw unsupported(field, source);
        };
    }

    private static String name(String field) {
        return field.toLowerCase(Locale.ROOT);
    }

    private static boolean isCalendar(String name) {
        return switch (name) {
            case "epoch",
                    "year",
                    "isoyear",
                    "decade",
                    "century",
                    "millennium",
                    "quarter",
                    "month",
                    "week",
                    "day",
                    "dow",
                    "isodow",
                    "doy",
                    "julian" ->
                    true;
            default -> false;
        };
    }

    private static boolean isClock(String name) {
        return switch (name) {
            case "hour",
                    "minute",
                    "second",
                    "millisecond",
                    "milliseconds",
                    "microsecond",
                    "microseconds",
                    "timezone",
                    "timezone_hour",
                    "timezone_minute" ->
                    true;
            default -> false;
        };
    }

    /** What grows without end is infinite; what goes round is NULL. */
    private static Value infinite(String name, boolean positive, String field, Value source) {
        return switch (name) {
            case "epoch", "year", "isoyear", "decade", "century", "millennium", "julian" ->
                    positive ? Value.Decimal.INFINITY : Value.Decimal.NEGATIVE_INFINITY;
            default -> {
                if (!isClock(name)) {
                    ofLocal(name, 0, 0, field, source);
                }
                yield Value.NULL;
            }
        };
    }

    private static Value ofInstant(
            String name, Value.TimestampTz moment, ZoneId zone, String field) {
        long local = Moments.toLocal(moment.micros(), zone);
        long offset = (local - moment.micros()) / Moments.SECOND_MICROS;
        return switch (name) {
            case "timezone" -> whole(offset);
            case "timezone_hour" -> whole(offset / 3600);
            case "timezone_minute" -> whole(offset / 60 % 60);
            default -> ofLocal(name, local, offset, field, moment);
        };
    }

    private static Value ofLocal(
            String name, long micros, long offsetSeconds, String field, Value source) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, Moments.DAY_MICROS));
        int year = day.getYear();
        return switch (name) {
            case "epoch" -> {
                Value.Decimal epoch = seconds(micros - offsetSeconds * Moments.SECOND_MICROS);
                yield source instanceof Value.Date ? whole(epoch.digits().longValue()) : epoch;
            }
            case "year", "years" -> whole(year > 0 ? year : year - 1);
            case "isoyear" -> {
                int isoYear = day.get(IsoFields.WEEK_BASED_YEAR);
                yield whole(isoYear > 0 ? isoYear : isoYear - 1);
            }
            case "decade" -> whole(Math.floorDiv(year, 10));
            case "century" -> whole(year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100));
            case "millennium" ->
                    whole(year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000));
            case "quarter" -> whole((day.getMonthValue() + 2) / 3);
            case "month" -> whole(day.getMonthValue());
            case "week" -> whole(day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case "day" -> whole(day.getDayOfMonth());
            case "dow" -> whole(day.getDayOfWeek().getValue() % 7);
            case "isodow" -> whole(day.getDayOfWeek().getValue());
            case "doy" -> whole(day.getDayOfYear());
            default -> clock(name, Math.floorMod(micros, Moments.DAY_MICROS), field, source);
        };
    }

    private static Value clock(String name, long micros, String field, Value source) {
        long ofMinute = micros % (60 * Moments.SECOND_MICROS);
        return switch (name) {
            case "hour" -> whole(micros / (3600 * Moments.SECOND_MICROS));
            case "minute" -> whole(micros / (60 * Moments.SECOND_MICROS) % 60);
            case "second" -> seconds(ofMinute);
            case "millisecond", "milliseconds" -> Value.of(BigDecimal.valueOf(ofMinute, 3));
            case "microsecond", "microseconds" -> whole(ofMinute);
            default -> throw unsupported(field, source);
        };
    }

    private static Value ofInterval(String name, Interval interval, String field) {
        int years = interval.months() / 12;
        return switch (name) {
            case "epoch" -> {
                // a year counts 365.25 days here, as in PostgreSQL
                BigDecimal days =
                        BigDecimal.valueOf(years)
                                .multiply(new BigDecimal("365.25"))
                                .add(BigDecimal.valueOf(interval.months() % 12 * 30L))
                                .add(BigDecimal.valueOf(interval.days()));
                yield Value.of(
                        days.multiply(BigDecimal.valueOf(86_400))
                                .add(BigDecimal.valueOf(interval.micros(), 6))
                                .setScale(6));
            }
            case "year" -> whole(years);
            case "decade" -> whole(years / 10);
            case "century" -> whole(years / 100);
            case "millennium" -> whole(years / 1000);
            case "quarter" -> whole(interval.months() % 12 / 3 + 1);
            case "month" -> whole(interval.months() % 12);
            case "day" -> whole(interval.days());
            default -> clock(name, interval.micros(), field, interval);
        };
    }

    private static Value.Decimal whole(long value) {
        return Value.of(BigDecimal.valueOf(value));
    }

    private static Value.Decimal seconds(long micros) {
        return Value.of(BigDecimal.valueOf(micros, 6));
    }

    private static NodeDbException unsupported(String field, Value source) {
        boolean isKnown = isClock(name(field)) || isCalendar(name(field));
        return new NodeDbException(
                isKnown ? ErrorCode.UNSUPPORTED : ErrorCode.INVALID_ARGUMENT,
                "unit \""
                        + field
                        + (isKnown ? "\" not supported for type " : "\" not recognized for type ")
                        + Casting.typeOf(source).sqlName()
                        + ".");
    }

    static long truncate(String unit, long micros) {
        if (!new Value.Timestamp(micros).isFinite()) {
            return micros;
        }
        long clockUnit = clockUnit(unit);
        if (clockUnit > 0) {
            return micros - Math.floorMod(micros, clockUnit);
        }
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, Moments.DAY_MICROS));
        LocalDate first =
                switch (unit.toLowerCase(Locale.ROOT)) {
                    case "week" -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
                    case "month" -> day.withDayOfMonth(1);
                    case "quarter" ->
                            day.withMonth((day.getMonthValue() - 1) / 3 * 3 + 1).withDayOfMonth(1);
                    case "year" -> day.withDayOfYear(1);
                    case "decade" ->
                            day.withDayOfYear(1).withYear(Math.floorDiv(day.getYear(), 10) * 10);
                    case "century" -> yearGroup(day, 100);
                    case "millennium" -> yearGroup(day, 1000);
                    default ->
                            throw new NodeDbException(
                                    isCalendar(name(unit))
                                            ? ErrorCode.UNSUPPORTED
                                            : ErrorCode.INVALID_ARGUMENT,
                                    "unit \"" + unit + "\" not recognized for date_trunc.");
                };
        return Moments.joined(first.toEpochDay(), 0, "timestamp");
    }

    /** Centuries and millennia begin with the year 1. */
    private static LocalDate yearGroup(LocalDate day, int years) {
        return day.withDayOfYear(1).withYear(Math.floorDiv(day.getYear() - 1, years) * years + 1);
    }

    private static long clockUnit(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "microsecond", "microseconds" -> 1;
            case "millisecond", "milliseconds" -> 1_000;
            case "second" -> Moments.SECOND_MICROS;
            case "minute" -> 60 * Moments.SECOND_MICROS;
            case "hour" -> 3600 * Moments.SECOND_MICROS;
            case "day" -> Moments.DAY_MICROS;
            default -> 0;
        };
    }

    static Interval truncate(String unit, Interval interval) {
        long clockUnit = clockUnit(unit);
        if (clockUnit > 0 && clockUnit < Moments.DAY_MICROS) {
            return new Interval(
                    interval.months(),
                    interval.days(),
                    interval.micros() - interval.micros() % clockUnit);
        }
        int months = interval.months();
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "day" -> new Interval(months, interval.days(), 0);
            case "month" -> new Interval(months, 0, 0);
            case "quarter" -> new Interval(months - months % 3, 0, 0);
            case "year" -> new Interval(months - months % 12, 0, 0);
            case "decade" -> new Interval(months - months % 120, 0, 0);
            case "century" -> new Interval(months - months % 1_200, 0, 0);
            case "millennium" -> new Interval(months - months % 12_000, 0, 0);
            default ->
                    throw new NodeDbException(
                            isCalendar(name(unit))
                                    ? ErrorCode.UNSUPPORTED
                                    : ErrorCode.INVALID_ARGUMENT,
                            "unit \"" + unit + "\" not supported for type interval.");
        };
    }

    /** Years, months and days as a person counts them, from the earlier moment. */
    static Interval age(long later, long earlier) {
        boolean finite =
                new Value.Timestamp(later).isFinite() && new Value.Timestamp(earlier).isFinite();
        if (!finite) {
            throw Moments.overflow("interval");
        }
        if (later < earlier) {
            return TimeMath.negate(age(earlier, later));
        }
        LocalDateTime from = Moments.local(earlier);
        LocalDateTime to = Moments.local(later);
        long months =
                ChronoUnit.MONTHS.between(
                        from.toLocalDate().withDayOfMonth(1), to.toLocalDate().withDayOfMonth(1));
        long micros =
                Math.floorMod(later, Moments.DAY_MICROS)
                        - Math.floorMod(earlier, Moments.DAY_MICROS);
        long days = (long) to.getDayOfMonth() - from.getDayOfMonth();
        if (micros < 0) {
            micros += Moments.DAY_MICROS;
            days--;
        }
        if (days < 0) {
            // PostgreSQL borrows the length of the earlier moment's month
            days += from.toLocalDate().lengthOfMonth();
            months--;
        }
        return new Interval((int) months, (int) days, micros);
    }
}
