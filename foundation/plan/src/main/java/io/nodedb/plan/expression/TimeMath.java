package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Moments;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.Value.Interval;
import java.time.ZoneId;

/** Arithmetic on dates, times and intervals, after PostgreSQL. */
final class TimeMath {
    private static final int MONTH_DAYS = 30;
    private static final double DAY_SECONDS = 86_400;
    private static final String INTERVAL = "interval";

    private TimeMath() {}

    static Value apply(Operator operator, Value a, Value b, ZoneId zone) {
        return switch (operator) {
            case ADD -> add(a, b, zone);
            case SUBTRACT -> subtract(a, b, zone);
            case MULTIPLY -> {
                if (a instanceof Interval interval && b instanceof Value.Numeric factor) {
                    yield times(interval, factor.doubleValue());
                }
                if (b instanceof Interval interval && a instanceof Value.Numeric factor) {
                    yield times(interval, factor.doubleValue());
                }
                throw undefined(operator, a, b);
            }
            case DIVIDE -> {
                if (a instanceof Interval interval && b instanceof Value.Numeric divisor) {
                    if (divisor.doubleValue() == 0) {
                        throw NumberMath.divisionByZero();
                    }
                    yield scaled(interval, divisor.doubleValue(), true);
                }
                throw undefined(operator, a, b);
            }
            default -> throw undefined(operator, a, b);
        };
    }

    private static Value add(Value a, Value b, ZoneId zone) {
        return switch (a) {
            case Value.Date date when b instanceof Value.Numeric days && days.tag().isInteger() ->
                    date.isFinite() ? Moments.date(date.days() + days.longValue()) : date;
            case Value.Date date when b instanceof Interval interval ->
                    new Value.Timestamp(
                            Moments.plus(
                                    Moments.microsOfDay(date.days(), "timestamp"),
                                    interval,
                                    "timestamp"));
            case Value.Date date when b instanceof Value.Time time ->
                    new Value.Timestamp(
                            date.isFinite()
                                    ? Moments.joined(date.days(), time.micros(), "timestamp")
                                    : Moments.microsOfDay(date.days(), "timestamp"));
            case Value.Timestamp moment when b instanceof Interval interval ->
                    new Value.Timestamp(Moments.plus(moment.micros(), interval, "timestamp"));
            case Value.TimestampTz moment when b instanceof Interval interval ->
                    new Value.TimestampTz(Moments.plusInZone(moment.micros(), interval, zone));
            case Value.Time time when b instanceof Interval interval ->
                    new Value.Time(
                            Math.floorMod(
                                    time.micros() + interval.micros() % Moments.DAY_MICROS,
                                    Moments.DAY_MICROS));
            case Interval x when b instanceof Interval y -> plus(x, y);
            default -> {
                if (commutes(b)) {
                    yield add(b, a, zone);
                }
                throw undefined(Operator.ADD, a, b);
            }
        };
    }

    /** Is it a left operand that {@link #add} knows, but not in this place? */
    private static boolean commutes(Value b) {
        return b instanceof Value.Date
                || b instanceof Value.Timestamp
                || b instanceof Value.TimestampTz
                || b instanceof Value.Time;
    }

    private static Value subtract(Value a, Value b, ZoneId zone) {
        if (a instanceof Value.Time time && b instanceof Interval interval) {
            return new Value.Time(
                    Math.floorMod(
                            time.micros() - interval.micros() % Moments.DAY_MICROS,
                            Moments.DAY_MICROS));
        }
        if (a instanceof Interval x && b instanceof Interval y) {
            return minus(x, y);
        }
        if (b instanceof Interval interval && !(a instanceof Value.Numeric)) {
            return add(a, negate(interval), zone);
        }
        if (a instanceof Value.Date x
                && b instanceof Value.Numeric days
                && days.tag().isInteger()) {
            return x.isFinite() ? Moments.date(x.days() - days.longValue()) : x;
        }
        if (a instanceof Value.Date x && b instanceof Value.Date y) {
            if (!x.isFinite() || !y.isFinite()) {
                throw new NodeDbException(
                        ErrorCode.DATETIME_OVERFLOW, "cannot subtract infinite dates.");
            }
            return Value.of(x.days() - y.days());
        }
        if (a instanceof Value.Time x && b instanceof Value.Time y) {
            return new Interval(0, 0, x.micros() - y.micros());
        }
        Casting casting = new Casting(zone);
        Type common = TypeRules.common(Casting.typeOf(a), Casting.typeOf(b));
        if (common == null) {
            throw undefined(Operator.SUBTRACT, a, b);
        }
        Value left = casting.cast(a, Type.ANY, common);
        Value right = casting.cast(b, Type.ANY, common);
        if (left instanceof Value.Timestamp x && right instanceof Value.Timestamp y) {
            return between(x.micros(), y.micros());
        }
        if (left instanceof Value.TimestampTz x && right instanceof Value.TimestampTz y) {
            return between(x.micros(), y.micros());
        }
        throw undefined(Operator.SUBTRACT, a, b);
    }

    /** Whole days and the rest, both with the sign of the difference. */
    private static Value between(long a, long b) {
        if (!new Value.Timestamp(a).isFinite() || !new Value.Timestamp(b).isFinite()) {
            throw new NodeDbException(
                    ErrorCode.DATETIME_OVERFLOW, "cannot subtract infinite timestamps.");
        }
        try {
            long micros = Math.subtractExact(a, b);
            return new Interval(
                    0, (int) (micros / Moments.DAY_MICROS), micros % Moments.DAY_MICROS);
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    static Interval plus(Interval x, Interval y) {
        try {
            return new Interval(
                    Math.addExact(x.months(), y.months()),
                    Math.addExact(x.days(), y.days()),
                    Math.addExact(x.micros(), y.micros()));
        } catch (ArithmeticException tooLarge) {
            throw overflow(tooLarge);
        }
    }

    private static Interval minus(Interval x, Interval y) {
        try {
            return new Interval(
                    Math.subtractExact(x.months(), y.months()),
                    Math.subtractExact(x.days(), y.days()),
                    Math.subtractExact(x.micros(), y.micros()));
        } catch (ArithmeticException tooLarge) {
            throw overflow(tooLarge);
        }
    }

    static Interval negate(Interval x) {
        try {
            return new Interval(
                    Math.negateExact(x.months()),
                    Math.negateExact(x.days()),
                    Math.negateExact(x.micros()));
        } catch (ArithmeticException tooLarge) {
            throw overflow(tooLarge);
        }
    }

    private static Value times(Interval interval, double factor) {
        return scaled(interval, factor, false);
    }

    /** The fractions of months flow into days and those of days into microseconds. */
    private static Value scaled(Interval interval, double factor, boolean dividing) {
        if (Double.isNaN(factor) || (Double.isInfinite(factor) && !dividing)) {
            throw new NodeDbException(ErrorCode.DATETIME_OVERFLOW, "interval out of range.");
        }
        double months = scaled(interval.months(), factor, dividing);
        double days = scaled(interval.days(), factor, dividing);
        double micros = scaled((double) interval.micros(), factor, dividing);
        double wholeMonths = truncated(months);
        double monthRest = rounded((months - wholeMonths) * MONTH_DAYS);
        double wholeDays = truncated(days);
        double wholeRest = truncated(monthRest);
        double restSeconds = rounded(((days - wholeDays) + (monthRest - wholeRest)) * DAY_SECONDS);
        double allDays = wholeDays + wholeRest;
        if (Math.abs(restSeconds) >= DAY_SECONDS) {
            double more = truncated(restSeconds / DAY_SECONDS);
            allDays += more;
            restSeconds -= more * DAY_SECONDS;
        }
        double allMicros = Math.rint(micros + restSeconds * Moments.SECOND_MICROS);
        boolean fits = fitsInt(wholeMonths) && fitsInt(allDays) && Math.abs(allMicros) < 0x1p63;
        if (!fits) {
            throw new NodeDbException(ErrorCode.DATETIME_OVERFLOW, "interval out of range.");
        }
        return new Interval((int) wholeMonths, (int) allDays, (long) allMicros);
    }

    private static double scaled(double part, double factor, boolean dividing) {
        return dividing ? part / factor : part * factor;
    }

    private static boolean fitsInt(double value) {
        return value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
    }

    private static double truncated(double value) {
        return value < 0 ? Math.ceil(value) : Math.floor(value);
    }

    /** To six digits, as PostgreSQL hides the noise of the multiplication. */
    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }

    private static NodeDbException undefined(Operator operator, Value a, Value b) {
        return TypeRules.undefined(Casting.typeOf(a), operator.symbol(), Casting.typeOf(b));
    }

    private static NodeDbException overflow(Throwable cause) {
        return new NodeDbException(ErrorCode.DATETIME_OVERFLOW, INTERVAL + " out of range.", cause);
    }
}
