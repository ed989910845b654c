package io.nodedb.kv;

/** What a key holds. The code stands in versions, effects and checkpoints. */
public enum ValueType {
    STRING(0, "string"),
    LIST(1, "list"),
    SET(2, "set"),
    SORTED_SET(3, "zset"),
    HASH(4, "hash");

    private static final ValueType[] BY_CODE = {STRING, LIST, SET, SORTED_SET, HASH};

    private final int code;
    private final String typeName;

    ValueType(int code, String typeName) {
        this.code = code;
        this.typeName = typeName;
    }

    /** Stable. */
    public int code() {
        return code;
    }

    /** As {@code TYPE} tells it. */
    public String typeName() {
        return typeName;
    }

    static ValueType ofCode(int code) {
        return BY_CODE[code];
    }
}
