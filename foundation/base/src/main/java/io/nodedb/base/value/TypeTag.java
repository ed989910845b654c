package io.nodedb.base.value;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;

/**
 * What a value or a type is, without length, scale or element type. The number stands in catalogs,
 * rows and documents and never changes; the key class orders values of different types and is the
 * first byte of a key's part.
 */
@Immutable
public enum TypeTag {
    // spotless:off
    NULL        (0,  "unknown",                     0xF0, 705,  0),
    ANY         (1,  "any",                         0xF0, 705,  0),
    BOOL        (2,  "boolean",                     0x10, 16,   1000),
    INT2        (3,  "smallint",                    0x20, 21,   1005),
    INT4        (4,  "integer",                     0x20, 23,   1007),
    INT8        (5,  "bigint",                      0x20, 20,   1016),
    FLOAT4      (6,  "real",                        0x20, 700,  1021),
    FLOAT8      (7,  "double precision",            0x20, 701,  1022),
    DECIMAL     (8,  "numeric",                     0x20, 1700, 1231),
    TEXT        (9,  "text",                        0x30, 25,   1009),
    VARCHAR     (10, "character varying",           0x30, 1043, 1015),
    BYTEA       (11, "bytea",                       0x38, 17,   1001),
    UUID        (12, "uuid",                        0x40, 2950, 2951),
    DATE        (13, "date",                        0x50, 1082, 1182),
    TIME        (14, "time without time zone",      0x58, 1083, 1183),
    TIMESTAMP   (15, "timestamp without time zone", 0x60, 1114, 1115),
    TIMESTAMPTZ (16, "timestamp with time zone",    0x68, 1184, 1185),
    INTERVAL    (17, "interval",                    0x70, 1186, 1187),
    ARRAY       (18, "array",                       0x80, 2277, 0),
    JSON        (19, "jsonb",                       0x88, 3802, 3807);
    // spotless:on

    private static final TypeTag[] BY_NUMBER = values();

    private final int number;
    private final String sqlName;
    private final int keyClass;
    private final int oid;
    private final int arrayOid;

    TypeTag(int number, String sqlName, int keyClass, int oid, int arrayOid) {
        this.number = number;
        this.sqlName = sqlName;
        this.keyClass = keyClass;
        this.oid = oid;
        this.arrayOid = arrayOid;
    }

    /**
     * The tag of a number, or a {@link Check} failure: call {@link #isKnown} on untrusted bytes.
     */
    public static TypeTag ofNumber(int number) {
        Check.that(isKnown(number), "type number is known", number);
        return BY_NUMBER[number];
    }

    public static boolean isKnown(int number) {
        return number >= 0 && number < BY_NUMBER.length;
    }

    public int number() {
        return number;
    }

    /** PostgreSQL's name of the type, as its messages and {@code format_type} write it. */
    public String sqlName() {
        return sqlName;
    }

    /** Values of a lower class come before those of a higher one; numbers share one class. */
    public int keyClass() {
        return keyClass;
    }

    /** PostgreSQL's object id of the type. */
    public int oid() {
        return oid;
    }

    /** PostgreSQL's object id of the array of this type; 0 when there is none. */
    public int arrayOid() {
        return arrayOid;
    }

    public boolean isNumber() {
        return keyClass == INT4.keyClass;
    }

    public boolean isInteger() {
        return this == INT2 || this == INT4 || this == INT8;
    }

    public boolean isFloat() {
        return this == FLOAT4 || this == FLOAT8;
    }

    public boolean isText() {
        return keyClass == TEXT.keyClass;
    }
}
