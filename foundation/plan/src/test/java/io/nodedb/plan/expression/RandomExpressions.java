package io.nodedb.plan.expression;

import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/** Expressions of a wanted type, sometimes of another one, over literals near the types' edges. */
final class RandomExpressions {
    private static final Casting UTC = new Casting(ZoneOffset.UTC);
    static final Type[] TYPES = {
        Type.BOOL,
        Type.INT2,
        Type.INT4,
        Type.INT8,
        Type.FLOAT8,
        Type.DECIMAL,
        Type.TEXT,
        Type.DATE,
        Type.TIMESTAMP,
        Type.TIMESTAMPTZ,
        Type.INTERVAL,
        Type.TIME
    };
    private static final String[] FIELDS = {
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "epoch",
        "quarter",
        "week",
        "dow",
        "doy",
        "isodow",
        "isoyear",
        "century",
        "decade",
        "millennium",
        "milliseconds",
        "microseconds"
    };
    private static final String[] UNITS = {
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "quarter",
        "week",
        "century",
        "decade",
        "millennium"
    };

    private final SplittableRandom random;
    private final SequencedMap<String, Expr.Literal> columns = new LinkedHashMap<>();

    RandomExpressions(SplittableRandom random) {
        this.random = random;
    }

    Expr next() {
        columns.clear();
        return of(TYPES[random.nextInt(TYPES.length)], 3);
    }

    private Expr of(Type type, int depth) {
        if (random.nextInt(40) == 0) {
            return literal(TYPES[random.nextInt(TYPES.length)]);
        }
        if (depth == 0 || random.nextInt(5) == 0) {
            return literal(type);
        }
        int inner = depth - 1;
        return switch (random.nextInt(12)) {
            case 0 ->
                    new Expr.Case(
                            null,
                            List.of(new Expr.When(of(Type.BOOL, inner), of(type, inner))),
                            random.nextBoolean() ? of(type, inner) : null);
            case 1 -> new Expr.Coalesce(List.of(of(type, inner), of(type, inner)));
            case 2 -> new Expr.NullIf(of(type, inner), of(type, inner));
            case 3 ->
                    Exprs.call(
                            random.nextBoolean() ? "greatest" : "least",
                            of(type, inner),
                            of(type, inner));
            default -> operation(type, inner);
        };
    }

    private Expr operation(Type type, int depth) {
        return switch (type.tag()) {
            case BOOL -> condition(depth);
            case INT2, INT4, INT8 -> integer(type, depth);
            case FLOAT8, DECIMAL -> number(type, depth);
            case TEXT -> text(depth);
            case DATE -> date(depth);
            case TIMESTAMP, TIMESTAMPTZ -> moment(type, depth);
            case INTERVAL -> interval(depth);
            default ->
                    new Expr.Binary(
                            random.nextBoolean() ? Operator.ADD : Operator.SUBTRACT,
                            of(Type.TIME, depth),
                            of(Type.INTERVAL, depth));
        };
    }

    private Expr condition(int depth) {
        Type type = TYPES[random.nextInt(TYPES.length)];
        Comparison[] all = Comparison.values();
        return switch (random.nextInt(10)) {
            case 0 -> new Expr.And(List.of(of(Type.BOOL, depth), of(Type.BOOL, depth)));
            case 1 -> new Expr.Or(List.of(of(Type.BOOL, depth), of(Type.BOOL, depth)));
            case 2 -> new Expr.Not(of(Type.BOOL, depth));
            case 3 -> new Expr.IsNull(of(type, depth));
            case 4 -> new Expr.IsTruth(of(Type.BOOL, depth), random.nextBoolean());
            case 5 -> new Expr.Between(of(type, depth), of(type, depth), of(type, depth));
            case 6 ->
                    new Expr.In(
                            of(type, depth), List.of(of(type, depth), of(type, 0), of(type, 0)));
            case 8 -> Exprs.call("starts_with", of(Type.TEXT, depth), of(Type.TEXT, depth));
            case 7 -> new Expr.Like(of(Type.TEXT, depth), pattern(), null, random.nextBoolean());
            default ->
                    new Expr.Compare(
                            all[random.nextInt(all.length)],
                            of(type, depth),
                            of(near(type), depth));
        };
    }

    /** Another type that PostgreSQL compares with this one, often. */
    private Type near(Type type) {
        if (type.tag().isNumber() && random.nextInt(3) == 0) {
            return TYPES[1 + random.nextInt(5)];
        }
        boolean moment =
                type.tag() == TypeTag.DATE
                        || type.tag() == TypeTag.TIMESTAMP
                        || type.tag() == TypeTag.TIMESTAMPTZ;
        return moment && random.nextInt(3) == 0 ? TYPES[7 + random.nextInt(3)] : type;
    }

    private Expr pattern() {
        String[] parts = {"%", "_", "a", "b", "A", "\\%", "\\\\", "€", "x"};
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            pattern.append(parts[random.nextInt(parts.length)]);
        }
        return Exprs.of(pattern.toString());
    }

    private Expr integer(Type type, int depth) {
        Operator[] operators = {
            Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE, Operator.MODULO
        };
        String[] functions = {"gcd", "lcm", "mod"};
        return switch (random.nextInt(9)) {
            case 0 -> new Expr.Negate(of(type, depth));
            case 1 -> new Expr.Cast(of(near(type), depth), type, false);
            case 2 -> new Expr.Cast(of(Type.TEXT, 0), type, false);
            case 4 ->
                    Exprs.call(
                            functions[type.tag() == TypeTag.INT2 ? 2 : random.nextInt(3)],
                            of(type, depth),
                            of(type, depth));
            case 3 ->
                    type.tag() == TypeTag.INT4
                            ? switch (random.nextInt(4)) {
                                case 0 -> Exprs.call("length", of(Type.TEXT, depth));
                                case 1 ->
                                        Exprs.call(
                                                "position", of(Type.TEXT, 0), of(Type.TEXT, depth));
                                case 2 -> of(Type.DATE, depth).minus(of(Type.DATE, depth));
                                default -> Exprs.call("ascii", of(Type.TEXT, depth));
                            }
                            : Exprs.call("abs", of(type, depth));
            default ->
                    new Expr.Binary(
                            operators[random.nextInt(operators.length)],
                            of(type, depth),
                            of(type, depth));
        };
    }

    private Expr number(Type type, int depth) {
        boolean decimal = type.tag() == TypeTag.DECIMAL;
        Operator[] operators = {
            Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE, Operator.MODULO
        };
        String[] functions = {"abs", "ceil", "floor", "round", "trunc", "sign", "sqrt"};
        return switch (random.nextInt(9)) {
            case 0 -> new Expr.Negate(of(type, depth));
            case 1 -> new Expr.Cast(of(near(type), depth), type, false);
            case 5 ->
                    decimal
                            ? Exprs.call(
                                    new String[] {"div", "mod", "gcd", "lcm"}[random.nextInt(4)],
                                    of(type, depth),
                                    of(type, depth))
                            : new Expr.Cast(of(Type.INT8, depth), type, false);
            case 2 -> Exprs.call(functions[random.nextInt(functions.length)], of(type, depth));
            case 3 ->
                    decimal
                            ? Exprs.call(
                                    random.nextBoolean() ? "round" : "trunc",
                                    of(type, depth),
                                    Exprs.of(random.nextInt(12) - 4))
                            : Exprs.call(
                                    "date_part",
                                    Exprs.of(FIELDS[random.nextInt(FIELDS.length)]),
                                    of(someMoment(), depth));
            case 4 ->
                    decimal
                            ? Exprs.call(
                                    "extract",
                                    Exprs.of(FIELDS[random.nextInt(FIELDS.length)]),
                                    of(someMoment(), depth))
                            : new Expr.Cast(of(Type.INT4, depth), type, false);
            default ->
                    new Expr.Binary(
                            operators[random.nextInt(decimal ? 5 : 4)],
                            of(type, depth),
                            of(near(type), depth));
        };
    }

    private Type someMoment() {
        return switch (random.nextInt(5)) {
            case 0 -> Type.DATE;
            case 1 -> Type.INTERVAL;
            case 2 -> Type.TIMESTAMPTZ;
            case 3 -> Type.TIME;
            default -> Type.TIMESTAMP;
        };
    }

    private Expr text(int depth) {
        Expr text = of(Type.TEXT, depth);
        Expr small = Exprs.of(random.nextInt(14) - 5);
        return switch (random.nextInt(22)) {
            case 16 -> Exprs.call("initcap", text);
            case 17 -> Exprs.call(random.nextBoolean() ? "ltrim" : "rtrim", text, of(Type.TEXT, 0));
            case 18 -> Exprs.call("repeat", text, small);
            case 19 -> Exprs.call("md5", text);
            case 20 -> Exprs.call("to_hex", new Expr.Cast(of(Type.INT4, depth), Type.INT8, false));
            case 21 -> Exprs.call("concat_ws", text, of(Type.TEXT, 0), of(Type.INT4, depth));
            case 0 -> text.concat(of(Type.TEXT, depth));
            case 1 -> Exprs.call("upper", text);
            case 2 -> Exprs.call("lower", text);
            case 3 -> Exprs.call("substring", text, small);
            case 4 -> Exprs.call("substring", text, small, Exprs.of(random.nextInt(8) - 1));
            case 5 -> Exprs.call("left", text, small);
            case 6 -> Exprs.call("right", text, small);
            case 7 -> Exprs.call("lpad", text, small, of(Type.TEXT, 0));
            case 8 -> Exprs.call("rpad", text, small);
            case 9 -> Exprs.call("replace", text, of(Type.TEXT, 0), of(Type.TEXT, 0));
            case 10 -> Exprs.call("split_part", text, of(Type.TEXT, 0), small);
            case 11 -> Exprs.call("trim", text, of(Type.TEXT, 0));
            case 12 -> Exprs.call("concat", text, of(TYPES[random.nextInt(6)], depth));
            case 13 -> Exprs.call("reverse", text);
            case 14 -> Exprs.call("translate", text, of(Type.TEXT, 0), of(Type.TEXT, 0));
            default ->
                    new Expr.Cast(of(TYPES[random.nextInt(TYPES.length)], depth), Type.TEXT, false);
        };
    }

    private Expr date(int depth) {
        return switch (random.nextInt(4)) {
            case 0 ->
                    of(Type.DATE, depth)
                            .plus(new Expr.Cast(of(Type.INT2, depth), Type.INT4, false));
            case 1 -> of(Type.DATE, depth).minus(Exprs.of(random.nextInt(1_000)));
            case 2 -> new Expr.Cast(of(Type.TIMESTAMP, depth), Type.DATE, false);
            default -> new Expr.Cast(of(Type.TIMESTAMPTZ, depth), Type.DATE, false);
        };
    }

    private Expr moment(Type type, int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> of(type, depth).minus(of(Type.INTERVAL, depth));
            case 1 ->
                    Exprs.call(
                            "date_trunc",
                            Exprs.of(UNITS[random.nextInt(UNITS.length)]),
                            of(type, depth));
            case 2 -> new Expr.Cast(of(near(type), depth), type, false);
            case 3 ->
                    type.tag() == TypeTag.TIMESTAMP
                            ? of(Type.DATE, depth).plus(of(Type.INTERVAL, depth))
                            : Exprs.call(
                                    "to_timestamp",
                                    new Expr.Cast(of(Type.INT4, depth), Type.FLOAT8, false));
            default -> of(type, depth).plus(of(Type.INTERVAL, depth));
        };
    }

    private Expr interval(int depth) {
        return switch (random.nextInt(8)) {
            case 0 -> of(Type.INTERVAL, depth).plus(of(Type.INTERVAL, depth));
            case 1 -> of(Type.INTERVAL, depth).minus(of(Type.INTERVAL, depth));
            case 2 -> new Expr.Negate(of(Type.INTERVAL, depth));
            case 3 -> of(Type.INTERVAL, depth).times(of(Type.INT4, 0));
            case 4 -> of(Type.TIMESTAMP, depth).minus(of(Type.TIMESTAMP, depth));
            case 5 -> Exprs.call("age", of(Type.TIMESTAMP, depth), of(Type.TIMESTAMP, depth));
            case 6 ->
                    Exprs.call(
                            "date_trunc",
                            Exprs.of(UNITS[random.nextInt(6)]),
                            of(Type.INTERVAL, depth));
            default -> of(Type.TIME, depth).minus(of(Type.TIME, depth));
        };
    }

    /** A field of the row: PostgreSQL would compute with constants before it runs. */
    private Expr literal(Type type) {
        String[] texts = texts(type.tag());
        Value value =
                random.nextInt(12) == 0
                        ? Value.NULL
                        : UTC.read(texts[random.nextInt(texts.length)], type);
        String name = "c" + columns.size();
        columns.put(name, new Expr.Literal(value, type));
        return Exprs.field(name);
    }

    /** The columns that the last expression names, each with its only row's value. */
    SequencedMap<String, Expr.Literal> columns() {
        return columns;
    }

    private static String[] texts(TypeTag tag) {
        List<String> texts = new ArrayList<>();
        switch (tag) {
            case BOOL -> texts.addAll(List.of("t", "f"));
            case INT2 -> texts.addAll(List.of("0", "1", "-1", "7", "32767", "-32768", "100"));
            case INT4 ->
                    texts.addAll(
                            List.of(
                                    "0",
                                    "1",
                                    "-1",
                                    "3",
                                    "10",
                                    "2147483647",
                                    "-2147483648",
                                    "65536"));
            case INT8 ->
                    texts.addAll(
                            List.of(
                                    "0",
                                    "1",
                                    "-1",
                                    "5",
                                    "9223372036854775807",
                                    "-9223372036854775808",
                                    "4294967296"));
            case FLOAT8 ->
                    texts.addAll(
                            List.of(
                                    "0",
                                    "1",
                                    "-1.5",
                                    "0.1",
                                    "2.5",
                                    "1e10",
                                    "1e300",
                                    "-1e-300",
                                    "NaN",
                                    "Infinity",
                                    "-Infinity",
                                    "3"));
            case DECIMAL ->
                    texts.addAll(
                            List.of(
                                    "0",
                                    "1",
                                    "-1",
                                    "0.1",
                                    "2.50",
                                    "-12345.678",
                                    "1e20",
                                    "0.000001",
                                    "99999999999999999999.99",
                                    "NaN",
                                    "3",
                                    "7.0",
                                    "Infinity",
                                    "12.5"));
            case TEXT ->
                    texts.addAll(
                            List.of(
                                    "",
                                    "a",
                                    "ab",
                                    "A",
                                    "abc",
                                    "a%b",
                                    "x_y",
                                    "€",
                                    "1",
                                    "423",
                                    "-7",
                                    " b ",
                                    "aXbXc",
                                    "aaa",
                                    "2024-02-29"));
            case DATE ->
                    texts.addAll(
                            List.of(
                                    "2024-02-29",
                                    "1970-01-01",
                                    "2000-12-31",
                                    "1999-01-31",
                                    "0001-01-01",
                                    "0044-03-15 BC",
                                    "2023-05-17"));
            case TIMESTAMP, TIMESTAMPTZ ->
                    texts.addAll(
                            List.of(
                                    "2024-02-29 12:34:56.789",
                                    "1970-01-01 00:00:00",
                                    "1999-12-31 23:59:59.999999",
                                    "2023-01-31 10:00:00",
                                    "0001-01-01 01:02:03",
                                    "2024-03-31 00:00:00.5"));
            case TIME -> texts.addAll(List.of("00:00", "12:34:56.789", "23:59:59.999999", "01:00"));
            default ->
                    texts.addAll(
                            List.of(
                                    "1 day",
                                    "1 mon",
                                    "-1 mon",
                                    "1 year 2 mons 3 days 04:05:06.7",
                                    "-00:00:01",
                                    "0",
                                    "36:00",
                                    "-3 days",
                                    "13 mons",
                                    "29 days 23:59:59"));
        }
        return texts.toArray(String[]::new);
    }
}
