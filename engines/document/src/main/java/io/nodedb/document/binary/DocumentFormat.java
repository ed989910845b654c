package io.nodedb.document.binary;

/**
 * The layout of a schemaless document. Numbers of several bytes are little-endian; a varint is
 * unsigned LEB128, zigzag where it is signed.
 *
 * <pre>
 * document   byte 01 (version), value
 * value      byte tag, payload
 *   scalar   tag = TypeTag.number
 *            bool: byte;  int2, int4, int8, date, time, timestamp, timestamptz: signed varint
 *            float4: 4, float8: 8, uuid: 2 * 8 bytes;  interval: three signed varints
 *            text, bytea: varint length, bytes;  decimal: varint length, DecimalFormat
 *   object   tag 40 + code, header, directory, fields
 *   array    tag 50 + code, header, directory, values
 * header     w length of directory and what follows, w count     w = 1, 2 or 4 for code 0, 1 or 2
 * directory  count * w: where a field or element begins, from the directory's end
 * field      varint key length, key in UTF-8, value
 * </pre>
 *
 * <p>An array's directory follows its elements, an object's the order of the keys' bytes, so that a
 * field is found in log2(count) steps; the fields themselves lie in the order in which they were
 * written. Source: own; the idea of a sorted directory beside values in place is that of
 * PostgreSQL's jsonb and of Couchbase Fleece.
 */
final class DocumentFormat {
    static final int VERSION = 1;

    static final int OBJECT = 0x40;
    static final int ARRAY = 0x50;
    static final int CODE_MASK = 0x0F;
    static final int KIND_MASK = 0xF0;

    private DocumentFormat() {}

    static boolean isContainer(int tag) {
        int kind = tag & KIND_MASK;
        return (kind == OBJECT || kind == ARRAY) && (tag & CODE_MASK) <= 2;
    }

    /** Bytes of a number in a container's header and directory. */
    static int width(int tag) {
        return 1 << (tag & CODE_MASK);
    }

    /** The smallest code whose numbers hold the length of a container. */
    static int code(int count, int bodyBytes) {
        for (int code = 0; code < 2; code++) {
            int width = 1 << code;
            if ((long) count * width + bodyBytes < 1L << (8 * width)) {
                return code;
            }
        }
        return 2;
    }
}
