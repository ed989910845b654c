package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorClass;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Given values as values of a declared type; times without a zone are UTC's. */
final class Coercion {
    private static final Casting UTC = new Casting(ZoneOffset.UTC);

    private Coercion() {}

    /**
     * For a column: as PostgreSQL stores it. A text is read as a quoted literal would be, as JSON
     * has no other way to say a date. Fails as {@link Casting#assign} and {@link Casting#read} do.
     */
    static Value forColumn(Value value, Type type) {
        if (value.isNull() || type.tag() == TypeTag.JSON) {
            return value;
        }
        if (value instanceof Value.Text text && !type.tag().isText()) {
            return UTC.read(text.value(), type);
        }
        if (value instanceof Value.Array array && type.isArray()) {
            List<Value> elements = new ArrayList<>();
            for (Value element : array.elements()) {
                boolean row = element instanceof Value.Array && !type.elementType().isArray();
                elements.add(forColumn(element, row ? type : type.elementType()));
            }
            return new Value.Array(elements);
        }
        return UTC.assign(value, Casting.typeOf(value), type);
    }

    /**
     * For finding a row by a key of this type: a text is read as a quoted literal; what the type
     * does not hold exactly stays as it is, and so is found nowhere and in its place in a range.
     */
    static Value forLookUp(Value value, Type type) {
        if (value.isNull() || type.isDynamic() || type.tag() == TypeTag.JSON || type.isArray()) {
            return value;
        }
        if (value.tag().keyClass() == type.tag().keyClass()) {
            return value;
        }
        Type whole = Type.of(type.tag());
        if (value instanceof Value.Text text) {
            return UTC.read(text.value(), whole);
        }
        Value taken = unlessRefused(value, whole);
        Value back = taken == null ? null : unlessRefused(taken, Casting.typeOf(value));
        return taken != null && back != null && ValueOrder.equal(back, value) ? taken : value;
    }

    /** For a guard: the first type that takes the value without loss, or null when none does. */
    static @Nullable Value forGuard(Value value, List<Type> types) {
        if (value.isNull() || types.isEmpty()) {
            return value;
        }
        for (Type type : types) {
            Value taken = withoutLoss(value, type);
            if (taken != null) {
                return taken;
            }
        }
        return null;
    }

    private static @Nullable Value withoutLoss(Value value, Type type) {
        return switch (type.tag()) {
            case NULL, ANY, JSON -> value;
            case BOOL -> value instanceof Value.Bool ? value : null;
            case INT2, INT4, INT8, FLOAT4, FLOAT8, DECIMAL -> {
                @Nullable Value number =
                        value instanceof Value.Numeric ? unlessRefused(value, type) : null;
                yield number != null && ValueOrder.equal(number, value) ? number : null;
            }
            case TEXT, VARCHAR ->
                    value instanceof Value.Text text && fits(text, type) ? value : null;
            case BYTEA, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL ->
                    value.tag() == type.tag()
                            ? value
                            : value instanceof Value.Text ? unlessRefused(value, type) : null;
            case ARRAY -> value instanceof Value.Array array ? elements(array, type) : null;
        };
    }

    private static boolean fits(Value.Text text, Type type) {
        String characters = text.value();
        return type.length() == Type.UNLIMITED
                || characters.codePointCount(0, characters.length()) <= type.length();
    }

    private static @Nullable Value elements(Value.Array array, Type type) {
        List<Value> taken = new ArrayList<>();
        for (Value element : array.elements()) {
            Value inner = element.isNull() ? element : withoutLoss(element, type.elementType());
            if (inner == null) {
                return null;
            }
            taken.add(inner);
        }
        return new Value.Array(taken);
    }

    private static @Nullable Value unlessRefused(Value value, Type type) {
        try {
            return value instanceof Value.Text text
                    ? UTC.read(text.value(), type)
                    : UTC.cast(value, Casting.typeOf(value), type);
        } catch (NodeDbException refused) {
            if (refused.code().errorClass() != ErrorClass.USER) {
                throw refused;
            }
            return null;
        }
    }
}
