package io.nodedb.base.value;

/**
 * An interval as one number of microseconds, with months of 30 days and days of 24 hours: how
 * PostgreSQL compares intervals. The number needs more than 64 bits, so it is held as whole days
 * and the microseconds of a day, which is the same order.
 */
record IntervalSpan(long days, long micros) {
    private static final int MONTH_DAYS = 30;

    static IntervalSpan of(Value.Interval interval) {
        long wholeDays = Math.floorDiv(interval.micros(), Moments.DAY_MICROS);
        return new IntervalSpan(
                (long) interval.months() * MONTH_DAYS + interval.days() + wholeDays,
                Math.floorMod(interval.micros(), Moments.DAY_MICROS));
    }

    static int compare(Value.Interval a, Value.Interval b) {
        IntervalSpan x = of(a);
        IntervalSpan y = of(b);
        int byDays = Long.compare(x.days, y.days);
        return byDays != 0 ? byDays : Long.compare(x.micros, y.micros);
    }

    static int hash(Value.Interval interval) {
        IntervalSpan span = of(interval);
        return Long.hashCode(span.days * 31 + span.micros);
    }

    /** An interval that compares as equal: days, and months only where days don't suffice. */
    Value.Interval toInterval() {
        if (days == (int) days) {
            return new Value.Interval(0, (int) days, micros);
        }
        long months = Math.clamp(days / MONTH_DAYS, Integer.MIN_VALUE, Integer.MAX_VALUE);
        long restDays = days - months * MONTH_DAYS;
        long keptDays = Math.clamp(restDays, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return new Value.Interval(
                (int) months, (int) keptDays, micros + (restDays - keptDays) * Moments.DAY_MICROS);
    }
}
