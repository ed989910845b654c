package io.nodedb.document.binary;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.ByteWriter;
import io.nodedb.base.value.DecimalFormat;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Utf8;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes one document after the other, each as a stream of calls: {@code startObject(); key("a");
 * put(value); end();}. The memory is kept from document to document. Owned by one thread.
 *
 * <p>Failures: {@link ErrorCode#PROGRAM_LIMIT} for more than {@link
 * DocumentLimits#MAX_DOCUMENT_BYTES} or {@link DocumentLimits#MAX_NESTING}; {@link
 * ErrorCode#DUPLICATE_KEY_IN_OBJECT}; {@link ErrorCode#INVALID_CHARACTER} for half a surrogate
 * pair. After a failure {@link #clear} begins anew.
 */
public final class DocumentWriter {
    private final ByteWriter target = new ByteWriter();
    private final ByteWriter header = new ByteWriter();
    private final ByteWriter decimal = new ByteWriter();
    private final KeySort keySort = new KeySort(target);

    /** Where the entries of all open containers begin, those of the innermost last. */
    private int[] entries = new int[64];

    private int entryCount;

    /**
     * For each open container: its kind, where its first entry begins, how many entries lay below.
     */
    private final int[] kinds = new int[DocumentLimits.MAX_NESTING];

    private final int[] bodies = new int[DocumentLimits.MAX_NESTING];
    private final int[] bases = new int[DocumentLimits.MAX_NESTING];
    private int depth;
    private boolean afterKey;

    public DocumentWriter() {
        clear();
    }

    /** Begins a new document. */
    public DocumentWriter clear() {
        target.clear().putByte(DocumentFormat.VERSION);
        entryCount = 0;
        depth = 0;
        afterKey = false;
        return this;
    }

    public DocumentWriter startObject() {
        start(DocumentFormat.OBJECT);
        return this;
    }

    public DocumentWriter startArray() {
        start(DocumentFormat.ARRAY);
        return this;
    }

    /** The name of the next value, inside an object. */
    public DocumentWriter key(String name) {
        Check.that(
                depth > 0 && kinds[depth - 1] == DocumentFormat.OBJECT && !afterKey,
                "a key stands in an object, before its value");
        addEntry();
        target.putText(name);
        afterKey = true;
        return this;
    }

    /** Ends the innermost object or array. */
    public DocumentWriter end() {
        Check.that(depth > 0 && !afterKey, "a container is open and its last key has a value");
        depth--;
        int kind = kinds[depth];
        int body = bodies[depth];
        int base = bases[depth];
        int count = entryCount - base;
        if (kind == DocumentFormat.OBJECT) {
            sortKeys(base, count);
        }
        int bodyBytes = target.size() - body;
        int code = DocumentFormat.code(count, bodyBytes);
        int width = 1 << code;
        header.clear().putByte(kind | code);
        header.putLittleEndian((long) count * width + bodyBytes, width);
        header.putLittleEndian(count, width);
        for (int i = base; i < entryCount; i++) {
            header.putLittleEndian(entries[i] - body, width);
        }
        target.insert(body, header);
        entryCount = base;
        checkSize();
        return this;
    }

    /** Any value, nested ones whole. */
    public DocumentWriter put(Value value) {
        switch (value) {
            case Value.Array array -> {
                startArray();
                array.elements().forEach(this::put);
                end();
            }
            case Value.Document document -> {
                startObject();
                for (Map.Entry<String, Value> field : document.fields().entrySet()) {
                    key(field.getKey()).put(field.getValue());
                }
                end();
            }
            case Value.Text text -> putText(text.value());
            default -> putScalar(value);
        }
        return this;
    }

    public DocumentWriter putNull() {
        begin(TypeTag.NULL);
        return this;
    }

    public DocumentWriter putBool(boolean value) {
        begin(TypeTag.BOOL);
        target.putByte(value ? 1 : 0);
        return this;
    }

    public DocumentWriter putLong(long value) {
        begin(TypeTag.INT8);
        target.putSignedVarint(value);
        return this;
    }

    public DocumentWriter putDouble(double value) {
        begin(TypeTag.FLOAT8);
        target.putLittleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
        return this;
    }

    public DocumentWriter putText(String value) {
        byte[] utf8 = Utf8.encode(value);
        begin(TypeTag.TEXT);
        target.putVarint(utf8.length).putBytes(utf8);
        checkSize();
        return this;
    }

    /** The finished document. */
    public byte[] toByteArray() {
        Check.that(depth == 0 && target.size() > 1, "the document has one complete value");
        return target.toByteArray();
    }

    private void putScalar(Value value) {
        begin(value.tag());
        switch (value) {
            case Value.Null _ -> {}
            case Value.Bool x -> target.putByte(x.value() ? 1 : 0);
            case Value.Float4 x ->
                    target.putLittleEndian(Float.floatToRawIntBits(x.value()), Float.BYTES);
            case Value.Float8 x ->
                    target.putLittleEndian(Double.doubleToRawLongBits(x.value()), Double.BYTES);
            case Value.Decimal x -> {
                DecimalFormat.write(x, decimal.clear());
                target.putVarint(decimal.size()).putBytes(decimal.toByteArray());
            }
            case Value.Numeric x -> target.putSignedVarint(x.longValue());
            case Value.Bytes x -> target.putVarint(x.length()).putBytes(x.toArray());
            case Value.Uuid x -> target.putLittleEndian(x.high(), 8).putLittleEndian(x.low(), 8);
            case Value.Date x -> target.putSignedVarint(x.days());
            case Value.Time x -> target.putSignedVarint(x.micros());
            case Value.Timestamp x -> target.putSignedVarint(x.micros());
            case Value.TimestampTz x -> target.putSignedVarint(x.micros());
            case Value.Interval x ->
                    target.putSignedVarint(x.months())
                            .putSignedVarint(x.days())
                            .putSignedVarint(x.micros());
            case Value.Text _, Value.Array _, Value.Document _ ->
                    Check.that(false, "put has handled it");
        }
        checkSize();
    }

    private void begin(TypeTag tag) {
        place();
        target.putByte(tag.number());
    }

    private void start(int kind) {
        if (depth == DocumentLimits.MAX_NESTING) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "A document is nested too deep: limit=" + DocumentLimits.MAX_NESTING + ".");
        }
        place();
        kinds[depth] = kind;
        bodies[depth] = target.size();
        bases[depth] = entryCount;
        depth++;
    }

    /** Takes the place of the next value: after a key, as an element, or as the root. */
    private void place() {
        if (depth == 0) {
            Check.that(target.size() == 1, "a document has one root");
        } else if (kinds[depth - 1] == DocumentFormat.ARRAY) {
            addEntry();
        } else {
            Check.that(afterKey, "a value in an object has a key");
        }
        afterKey = false;
    }

    private void addEntry() {
        if (entryCount == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[entryCount++] = target.size();
    }

    private void sortKeys(int base, int count) {
        int twin = keySort.sort(entries, base, count);
        if (twin >= 0) {
            int length = keySort.keyLength(twin);
            byte[] key = target.copy(keySort.keyStart(twin), length);
            throw JsonText.duplicate(new String(key, StandardCharsets.UTF_8));
        }
    }

    private void checkSize() {
        if (target.size() > DocumentLimits.MAX_DOCUMENT_BYTES) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "A document is too large: bytes="
                            + target.size()
                            + " limit="
                            + DocumentLimits.MAX_DOCUMENT_BYTES
                            + ".");
        }
    }
}
