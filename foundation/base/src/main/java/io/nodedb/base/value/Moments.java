package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Calendar arithmetic on days and microseconds: bounds, zones, and adding intervals as PostgreSQL
 * does (months first, with the day cut to the month's end; then days; then microseconds).
 *
 * <p>Failures: {@link ErrorCode#DATETIME_OVERFLOW} outside the types' range.
 */
public final class Moments {
    public static final long SECOND_MICROS = 1_000_000L;
    public static final long DAY_MICROS = 86_400 * SECOND_MICROS;

    /** Julian day 0, 4714-11-24 BC: PostgreSQL's first date. */
    private static final long MIN_DAY = LocalDate.of(-4713, 11, 24).toEpochDay();

    private static final long MAX_DAY = LocalDate.of(5_874_897, 12, 31).toEpochDay();

    private static final long MIN_MICROS = MIN_DAY * DAY_MICROS;

    private Moments() {}

    public static Value.Date date(long epochDay) {
        if (epochDay < MIN_DAY || epochDay > MAX_DAY) {
            throw overflow("date");
        }
        return new Value.Date((int) epochDay);
    }

    /** A finite TIMESTAMP's microseconds, checked. */
    public static long checkedMicros(long micros, String type) {
        if (micros < MIN_MICROS || micros == Value.Timestamp.INFINITY) {
            throw overflow(type);
        }
        return micros;
    }

    /** Midnight of a day. */
    public static long microsOfDay(int days, String type) {
        if (days == Value.Date.INFINITY) {
            return Value.Timestamp.INFINITY;
        }
        if (days == Value.Date.NEGATIVE_INFINITY) {
            return Value.Timestamp.NEGATIVE_INFINITY;
        }
        return joined(days, 0, type);
    }

    /** A day and the microseconds in it, as one number. */
    public static long joined(long days, long micros, String type) {
        try {
            return checkedMicros(Math.addExact(Math.multiplyExact(days, DAY_MICROS), micros), type);
        } catch (ArithmeticException tooFar) {
            throw overflow(type, tooFar);
        }
    }

    public static LocalDateTime local(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, SECOND_MICROS),
                (int) Math.floorMod(micros, SECOND_MICROS) * 1_000,
                ZoneOffset.UTC);
    }

    public static long micros(LocalDateTime local, String type) {
        return joined(
                local.toLocalDate().toEpochDay(), local.toLocalTime().toNanoOfDay() / 1_000, type);
    }

    /** What a clock in the zone shows at an instant; infinities stay. */
    public static long toLocal(long instantMicros, ZoneId zone) {
        if (!new Value.Timestamp(instantMicros).isFinite()) {
            return instantMicros;
        }
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(instantMicros, SECOND_MICROS));
        long offset = zone.getRules().getOffset(instant).getTotalSeconds();
        long local = instantMicros + offset * SECOND_MICROS;
        // within a day of the type's end the clock stands still rather than wrap around
        boolean wrapped = offset > 0 ? local < instantMicros : local > instantMicros;
        return wrapped ? instantMicros : local;
    }

    /** The instant at which a clock in the zone shows this; in a gap, as if before the gap. */
    public static long toInstant(long localMicros, ZoneId zone) {
        if (!new Value.Timestamp(localMicros).isFinite()) {
            return localMicros;
        }
        ZoneOffset offset = zone.getRules().getOffset(local(localMicros));
        var gapOrOverlap = zone.getRules().getTransition(local(localMicros));
        if (gapOrOverlap != null && gapOrOverlap.isOverlap()) {
            // the clock shows this twice; PostgreSQL takes the standard time, which comes second
            offset = gapOrOverlap.getOffsetAfter();
        }
        return shifted(localMicros, -offset.getTotalSeconds());
    }

    private static long shifted(long micros, long seconds) {
        try {
            return checkedMicros(
                    Math.addExact(micros, seconds * SECOND_MICROS), "timestamp with time zone");
        } catch (ArithmeticException tooFar) {
            throw overflow("timestamp", tooFar);
        }
    }

    /** A local timestamp plus an interval; infinities stay. */
    public static long plus(long localMicros, Value.Interval interval, String type) {
        if (!new Value.Timestamp(localMicros).isFinite()) {
            return localMicros;
        }
        try {
            LocalDateTime moved =
                    local(localMicros)
                            .plus(interval.months(), ChronoUnit.MONTHS)
                            .plus(interval.days(), ChronoUnit.DAYS);
            return checkedMicros(Math.addExact(micros(moved, type), interval.micros()), type);
        } catch (DateTimeException | ArithmeticException tooFar) {
            throw overflow(type, tooFar);
        }
    }

    /** An instant plus an interval: months and days by the zone's calendar. */
    public static long plusInZone(long instantMicros, Value.Interval interval, ZoneId zone) {
        String type = "timestamp with time zone";
        if (!new Value.Timestamp(instantMicros).isFinite()) {
            return instantMicros;
        }
        long moved = instantMicros;
        if (interval.months() != 0 || interval.days() != 0) {
            Value.Interval calendar = new Value.Interval(interval.months(), interval.days(), 0);
            moved = toInstant(plus(toLocal(instantMicros, zone), calendar, type), zone);
        }
        try {
            return checkedMicros(Math.addExact(moved, interval.micros()), type);
        } catch (ArithmeticException tooFar) {
            throw overflow(type, tooFar);
        }
    }

    public static NodeDbException overflow(String type) {
        return new NodeDbException(ErrorCode.DATETIME_OVERFLOW, type + " out of range.");
    }

    private static NodeDbException overflow(String type, Throwable cause) {
        return new NodeDbException(ErrorCode.DATETIME_OVERFLOW, type + " out of range.", cause);
    }
}
