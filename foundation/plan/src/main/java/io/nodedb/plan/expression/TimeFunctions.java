package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Arguments.real;
import static io.nodedb.plan.expression.Arguments.text;
import static io.nodedb.plan.expression.Arguments.whole;
import static io.nodedb.plan.expression.Functions.strict;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Moments;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;

/** Functions on dates and times. {@code now()} is the statement's time, the same for every row. */
final class TimeFunctions {
    private TimeFunctions() {}

    static void define() {
        for (String name :
                new String[] {
                    "now", "current_timestamp", "transaction_timestamp", "statement_timestamp"
                }) {
            strict(name + "() timestamptz", (_, e) -> new Value.TimestampTz(e.nowMicros()));
        }
        strict(
                "current_date() date",
                (_, e) ->
                        e.casting()
                                .cast(
                                        new Value.TimestampTz(e.nowMicros()),
                                        Type.TIMESTAMPTZ,
                                        Type.DATE));
        defineFields();
        defineTruncation();
        strict(
                "age(timestamp, timestamp) interval",
                (a, _) ->
                        DateFields.age(
                                ((Value.Timestamp) a[0]).micros(),
                                ((Value.Timestamp) a[1]).micros()));
        strict(
                "age(timestamptz, timestamptz) interval",
                (a, e) -> DateFields.age(local(a[0], e), local(a[1], e)));
        strict(
                "age(timestamp) interval",
                (a, e) -> DateFields.age(today(e), ((Value.Timestamp) a[0]).micros()));
        strict("age(timestamptz) interval", (a, e) -> DateFields.age(today(e), local(a[0], e)));
        strict("to_timestamp(float) timestamptz", (a, _) -> toTimestamp(real(a, 0)));
        strict(
                "make_date(int, int, int) date",
                (a, _) -> makeDate(whole(a, 0), whole(a, 1), whole(a, 2)));
        strict(
                "timezone(text, timestamp) timestamptz",
                (a, _) ->
                        new Value.TimestampTz(
                                Moments.toInstant(
                                        ((Value.Timestamp) a[1]).micros(),
                                        Casting.zoneOf(text(a, 0)))));
        strict(
                "timezone(text, timestamptz) timestamp",
                (a, _) ->
                        new Value.Timestamp(
                                Moments.toLocal(
                                        ((Value.TimestampTz) a[1]).micros(),
                                        Casting.zoneOf(text(a, 0)))));
    }

    private static void defineFields() {
        for (String type : new String[] {"date", "time", "timestamp", "timestamptz", "interval"}) {
            strict(
                    "extract(text, " + type + ") numeric",
                    (a, e) -> DateFields.extract(text(a, 0), a[1], e.casting().zone()));
            strict(
                    "date_part(text, " + type + ") float",
                    (a, e) -> {
                        // unlike extract, this reads a date as its midnight
                        Value source =
                                a[1] instanceof Value.Date
                                        ? e.casting().cast(a[1], Type.DATE, Type.TIMESTAMP)
                                        : a[1];
                        Value exact = DateFields.extract(text(a, 0), source, e.casting().zone());
                        return e.casting().cast(exact, Type.DECIMAL, Type.FLOAT8);
                    });
        }
    }

    private static void defineTruncation() {
        strict(
                "date_trunc(text, timestamp) timestamp",
                (a, _) ->
                        new Value.Timestamp(
                                DateFields.truncate(
                                        text(a, 0), ((Value.Timestamp) a[1]).micros())));
        strict(
                "date_trunc(text, timestamptz) timestamptz",
                (a, e) -> truncated(text(a, 0), a[1], e.casting().zone()));
        strict(
                "date_trunc(text, timestamptz, text) timestamptz",
                (a, _) -> truncated(text(a, 0), a[1], Casting.zoneOf(text(a, 2))));
        strict(
                "date_trunc(text, interval) interval",
                (a, _) -> DateFields.truncate(text(a, 0), (Value.Interval) a[1]));
    }

    private static Value truncated(String unit, Value instant, ZoneId zone) {
        long local = Moments.toLocal(((Value.TimestampTz) instant).micros(), zone);
        return new Value.TimestampTz(Moments.toInstant(DateFields.truncate(unit, local), zone));
    }

    private static long local(Value instant, Evaluation evaluation) {
        return Moments.toLocal(((Value.TimestampTz) instant).micros(), evaluation.casting().zone());
    }

    /** Midnight of the statement's day. */
    private static long today(Evaluation evaluation) {
        long local = Moments.toLocal(evaluation.nowMicros(), evaluation.casting().zone());
        return local - Math.floorMod(local, Moments.DAY_MICROS);
    }

    private static Value toTimestamp(double seconds) {
        if (Double.isNaN(seconds)) {
            throw new NodeDbException(ErrorCode.DATETIME_OVERFLOW, "timestamp cannot be NaN.");
        }
        if (Double.isInfinite(seconds)) {
            return new Value.TimestampTz(
                    seconds > 0 ? Value.Timestamp.INFINITY : Value.Timestamp.NEGATIVE_INFINITY);
        }
        double micros = Math.rint(seconds * Moments.SECOND_MICROS);
        if (Math.abs(micros) >= 0x1p63) {
            throw Moments.overflow("timestamp");
        }
        return new Value.TimestampTz(Moments.checkedMicros((long) micros, "timestamp"));
    }

    private static Value makeDate(int year, int month, int day) {
        try {
            if (year == 0) {
                throw new DateTimeException("there is no year 0");
            }
            return Moments.date(LocalDate.of(year < 0 ? year + 1 : year, month, day).toEpochDay());
        } catch (DateTimeException outOfRange) {
            throw new NodeDbException(
                    ErrorCode.DATETIME_OVERFLOW,
                    "date field value out of range: " + year + "-" + month + "-" + day + ".",
                    outOfRange);
        }
    }
}
