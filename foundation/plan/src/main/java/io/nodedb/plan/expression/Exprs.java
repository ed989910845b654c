package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Where expressions in Java begin: {@code Exprs.field("a").gt(5)}. */
public final class Exprs {
    private Exprs() {}

    /** A column, or with more names a path into a document. */
    public static Expr field(String... path) {
        return new Expr.Field(List.of(path));
    }

    public static Expr parameter(int number) {
        return new Expr.Parameter(number);
    }

    public static Expr call(String function, Object... arguments) {
        return new Expr.Call(function.toLowerCase(Locale.ROOT), all(arguments));
    }

    /** A quoted text of SQL, whose type the context decides. */
    public static Expr quoted(String text) {
        return new Expr.Literal(Value.of(text), Type.NULL);
    }

    public static Expr nothing() {
        return new Expr.Literal(Value.NULL, Type.NULL);
    }

    /**
     * The literal of a {@link Value}, a Boolean, a number, a String, an Instant, a UUID or a byte
     * array; an expression as it is.
     */
    public static Expr of(Object value) {
        return switch (value) {
            case Expr expression -> expression;
            case Value literal -> new Expr.Literal(literal, Casting.typeOf(literal));
            case Boolean bool -> of(Value.of(bool.booleanValue()));
            case Integer number -> of(Value.of(number.intValue()));
            case Long number -> of(Value.of(number.longValue()));
            case Short number -> of(new Value.Int2(number));
            case Double number -> of(Value.of(number.doubleValue()));
            case Float number -> of(new Value.Float4(number));
            case BigDecimal number -> of((Value) Value.of(number));
            case String text -> of((Value) Value.of(text));
            case byte[] bytes -> of(new Value.Bytes(bytes));
            case UUID uuid -> of(Value.Uuid.of(uuid));
            case Instant instant ->
                    of(new Value.TimestampTz(ChronoUnit.MICROS.between(Instant.EPOCH, instant)));
            default ->
                    throw new NodeDbException(
                            ErrorCode.INVALID_ARGUMENT,
                            "No SQL value for a " + value.getClass().getName() + ".");
        };
    }

    static List<Expr> all(Object... values) {
        return Arrays.stream(values).map(Exprs::of).toList();
    }
}
