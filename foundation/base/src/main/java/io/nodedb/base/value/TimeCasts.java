package io.nodedb.base.value;

import java.time.ZoneId;

/** Casts among dates, times, timestamps and intervals, in a session's zone. */
final class TimeCasts {
    private TimeCasts() {}

    static Value cast(Value value, Type to, ZoneId zone) {
        return switch (value) {
            case Value.Date date -> ofDate(date, to, zone);
            case Value.Timestamp timestamp -> ofLocal(value, timestamp.micros(), to, zone);
            case Value.TimestampTz instant ->
                    ofLocal(value, Moments.toLocal(instant.micros(), zone), to, zone);
            case Value.Time time when to.tag() == TypeTag.INTERVAL ->
                    new Value.Interval(0, 0, time.micros());
            case Value.Interval interval when to.tag() == TypeTag.TIME ->
                    new Value.Time(Math.floorMod(interval.micros(), Moments.DAY_MICROS));
            default -> throw Casting.cannotCast(value, to);
        };
    }

    private static Value ofDate(Value.Date date, Type to, ZoneId zone) {
        return switch (to.tag()) {
            case TIMESTAMP -> new Value.Timestamp(Moments.microsOfDay(date.days(), to.sqlName()));
            case TIMESTAMPTZ ->
                    new Value.TimestampTz(
                            Moments.toInstant(
                                    Moments.microsOfDay(date.days(), to.sqlName()), zone));
            default -> throw Casting.cannotCast(date, to);
        };
    }

    private static Value ofLocal(Value value, long local, Type to, ZoneId zone) {
        boolean finite = new Value.Timestamp(local).isFinite();
        return switch (to.tag()) {
            case TIMESTAMP -> new Value.Timestamp(local);
            case TIMESTAMPTZ -> new Value.TimestampTz(Moments.toInstant(local, zone));
            case DATE -> {
                if (!finite) {
                    yield new Value.Date(
                            local > 0 ? Value.Date.INFINITY : Value.Date.NEGATIVE_INFINITY);
                }
                yield Moments.date(Math.floorDiv(local, Moments.DAY_MICROS));
            }
            case TIME ->
                    finite ? new Value.Time(Math.floorMod(local, Moments.DAY_MICROS)) : Value.NULL;
            default -> throw Casting.cannotCast(value, to);
        };
    }
}
