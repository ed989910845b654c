package io.nodedb.storage.wal;

/**
 * One operation of a section: an absolute after-image, never a command, so that replaying it twice
 * changes nothing. Little-endian, unaligned, one after another:
 *
 * <pre>
 *  0 u32 bytes of the whole operation
 *  4 u8  kind            {@link #PUT}, {@link #DELETE}; 3 and above are an engine's own
 *  5 u8  flags           {@link #HAS_EXPIRY} | {@link #HAS_PRIOR} | {@link #PRIOR_EXISTED} | {@link #EXPIRED}
 *  6 u8  engine
 *  7 u8  form            the engine's own; {@link #PART} means the same to all
 *  8 u32 collection id
 * 12 u32 schema version
 * 16 u32 key length
 * 20 u32 value length
 * 24 u32 prior length
 * 28 i64 expiry, milliseconds since 1970; only with HAS_EXPIRY
 *    key, value, prior
 * </pre>
 */
public final class EffectFormat {
    /** The key has this value from now on. */
    public static final int PUT = 1;

    /** The key is gone from now on. */
    public static final int DELETE = 2;

    /** The expiry field is present. */
    public static final int HAS_EXPIRY = 1;

    /** The value before was recorded, because somebody follows the collection's changes. */
    public static final int HAS_PRIOR = 2;

    /** With {@link #HAS_PRIOR}: there was a value before (possibly an empty one). */
    public static final int PRIOR_EXISTED = 4;

    /** On a delete: the key's time had run out; nobody asked for it. */
    public static final int EXPIRED = 8;

    /**
     * In the form: the operation writes a part of a key's value, and its key is known to the engine
     * only. An operation on the whole key stands in the same record.
     */
    public static final int PART = 0x80;

    static final int BYTES_OFFSET = 0;
    static final int KIND_OFFSET = 4;
    static final int FLAGS_OFFSET = 5;
    static final int ENGINE_OFFSET = 6;
    static final int FORM_OFFSET = 7;
    static final int COLLECTION_OFFSET = 8;
    static final int SCHEMA_VERSION_OFFSET = 12;
    static final int KEY_LENGTH_OFFSET = 16;
    static final int VALUE_LENGTH_OFFSET = 20;
    static final int PRIOR_LENGTH_OFFSET = 24;

    /** Bytes before the expiry or the key. */
    public static final int HEADER_BYTES = 28;

    static final int EXPIRY_BYTES = 8;

    private EffectFormat() {}

    /** Bytes of a whole operation; a long, so that the caller can refuse what is too large. */
    public static long bytes(int flags, int keyLength, int valueLength, int priorLength) {
        long expiry = (flags & HAS_EXPIRY) != 0 ? EXPIRY_BYTES : 0;
        return HEADER_BYTES + expiry + keyLength + valueLength + priorLength;
    }
}
