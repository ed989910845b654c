package io.nodedb.base.value;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column or an expression. {@code length} is the precision of a DECIMAL or the most
 * characters of a VARCHAR, {@link #UNLIMITED} when none is declared; {@code scale} belongs to a
 * DECIMAL with a precision; {@code element} to an ARRAY. JSON and JSONB are one type, the nested
 * document.
 */
@Immutable
public record Type(TypeTag tag, int length, int scale, @Nullable Type element) {
    public static final int UNLIMITED = -1;

    /** As PostgreSQL: more digits can be stored in a DECIMAL without a declared precision only. */
    public static final int MAX_PRECISION = 1_000;

    /** As PostgreSQL's limit for character types. */
    public static final int MAX_LENGTH = 10_485_760;

    public static final Type NULL = of(TypeTag.NULL);

    /** Of a schemaless field: each value brings its own type. */
    public static final Type ANY = of(TypeTag.ANY);

    public static final Type BOOL = of(TypeTag.BOOL);
    public static final Type INT2 = of(TypeTag.INT2);
    public static final Type INT4 = of(TypeTag.INT4);
    public static final Type INT8 = of(TypeTag.INT8);
    public static final Type FLOAT4 = of(TypeTag.FLOAT4);
    public static final Type FLOAT8 = of(TypeTag.FLOAT8);
    public static final Type DECIMAL = of(TypeTag.DECIMAL);
    public static final Type TEXT = of(TypeTag.TEXT);
    public static final Type VARCHAR = of(TypeTag.VARCHAR);
    public static final Type BYTEA = of(TypeTag.BYTEA);
    public static final Type UUID = of(TypeTag.UUID);
    public static final Type DATE = of(TypeTag.DATE);
    public static final Type TIME = of(TypeTag.TIME);
    public static final Type TIMESTAMP = of(TypeTag.TIMESTAMP);
    public static final Type TIMESTAMPTZ = of(TypeTag.TIMESTAMPTZ);
    public static final Type INTERVAL = of(TypeTag.INTERVAL);
    public static final Type JSON = of(TypeTag.JSON);

    public Type {
        Check.that((element != null) == (tag == TypeTag.ARRAY), "arrays have an element type");
        Check.that(length >= UNLIMITED, "length is known or unlimited", length);
    }

    /** The type of a tag without modifiers; not for arrays. */
    public static Type of(TypeTag tag) {
        return new Type(tag, UNLIMITED, 0, null);
    }

    /** DECIMAL(precision, scale), with an {@link ErrorCode#INVALID_ARGUMENT} out of bounds. */
    public static Type decimal(int precision, int scale) {
        if (precision < 1 || precision > MAX_PRECISION) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "NUMERIC precision must be between 1 and 1000: precision=" + precision + ".");
        }
        if (scale < 0 || scale > precision) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "NUMERIC scale must be between 0 and the precision: scale=" + scale + ".");
        }
        return new Type(TypeTag.DECIMAL, precision, scale, null);
    }

    /** VARCHAR(n) of at most {@code characters} code points. */
    public static Type varchar(int characters) {
        if (characters < 1 || characters > MAX_LENGTH) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The length of a VARCHAR must be between 1 and "
                            + MAX_LENGTH
                            + ": length="
                            + characters
                            + ".");
        }
        return new Type(TypeTag.VARCHAR, characters, 0, null);
    }

    /** An array of {@code element}; of more dimensions when {@code element} is an array itself. */
    public static Type array(Type element) {
        return new Type(TypeTag.ARRAY, UNLIMITED, 0, element);
    }

    /** The element type of an array. */
    public Type elementType() {
        return Objects.requireNonNull(element, "only arrays have an element type");
    }

    public boolean isArray() {
        return tag == TypeTag.ARRAY;
    }

    /** Is a value's own type asked for at run time? */
    public boolean isDynamic() {
        return tag == TypeTag.ANY || tag == TypeTag.NULL;
    }

    /** As PostgreSQL's format_type: {@code numeric(10,2)}, {@code integer[]}. */
    public String sqlName() {
        return switch (tag) {
            case ARRAY -> innermost().sqlName() + "[]";
            case DECIMAL ->
                    length == UNLIMITED
                            ? tag.sqlName()
                            : tag.sqlName() + "(" + length + "," + scale + ")";
            case VARCHAR ->
                    length == UNLIMITED ? tag.sqlName() : tag.sqlName() + "(" + length + ")";
            default -> tag.sqlName();
        };
    }

    private Type innermost() {
        Type type = this;
        while (type.element != null) {
            type = type.element;
        }
        return type;
    }

    @Override
    public String toString() {
        return sqlName();
    }
}
