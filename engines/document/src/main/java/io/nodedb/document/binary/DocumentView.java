package io.nodedb.document.binary;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks into a document where it lies, on or off the heap. A value is known by its position, an
 * {@code int}; {@link #MISSING} is none. Finding a field takes log2(fields) comparisons, an element
 * one address; neither allocates nor touches the rest of the document. {@link DocumentFormat} is
 * the layout.
 *
 * <p>Failures: bytes that no writer wrote end in {@link ErrorCode#DATA_CORRUPTED} with the offset;
 * every read is checked against the document's end. Owned by one thread; {@link #wrap} moves it on
 * to another document.
 */
public final class DocumentView {
    /** No such field or element. */
    public static final int MISSING = -1;

    private static final int ROOT = 1;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final DocumentBytes bytes = new DocumentBytes();
    private final DocumentScalars scalars = new DocumentScalars(bytes);

    public DocumentView() {
        bytes.wrap(NOTHING, 0, 0);
    }

    public DocumentView wrap(byte[] document) {
        return wrap(MemorySegment.ofArray(document), 0, document.length);
    }

    /** Looks at {@code length} bytes of {@code segment} from {@code offset} on. */
    public DocumentView wrap(MemorySegment segment, long offset, int length) {
        Check.that(
                offset >= 0 && length >= 0 && offset <= segment.byteSize() - length,
                "a document lies in its segment");
        bytes.wrap(segment, offset, length);
        if (length > DocumentLimits.MAX_DOCUMENT_BYTES
                || bytes.getByte(0) != DocumentFormat.VERSION) {
            throw bytes.corrupted("its version or size is wrong", 0);
        }
        return this;
    }

    /** The document itself. */
    public int root() {
        return ROOT;
    }

    /** JSON for an object, ARRAY for an array, else the scalar's type. */
    public TypeTag type(int position) {
        int tag = bytes.getByte(position);
        if (DocumentFormat.isContainer(tag)) {
            return isObject(tag) ? TypeTag.JSON : TypeTag.ARRAY;
        }
        return scalars.type(position);
    }

    public boolean isNull(int position) {
        return bytes.getByte(position) == TypeTag.NULL.number();
    }

    /** How many fields or elements a container has. */
    public int count(int position) {
        return bytes.getLittleEndian(position + 1 + width(position), width(position));
    }

    /**
     * The value of an object's field by its key in UTF-8; {@link #MISSING} also for other types.
     */
    public int field(int position, byte[] key) {
        int tag = bytes.getByte(position);
        if (!DocumentFormat.isContainer(tag) || !isObject(tag)) {
            return MISSING;
        }
        int count = checkedCount(position);
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int field = entry(position, count, middle);
            int length = bytes.getLength(field);
            int start = field + bytes.varintBytes(field);
            int order = bytes.compare(start, length, key);
            if (order == 0) {
                return start + length;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return MISSING;
    }

    /** As {@link #field(int, byte[])}. */
    public int field(int position, String key) {
        return field(position, key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The only field whose key differs at most in case; {@link #MISSING} when there is none or more
     * than one. Looks at every key.
     */
    public int fieldIgnoringCase(int position, String key) {
        int found = MISSING;
        if (type(position) != TypeTag.JSON) {
            return found;
        }
        int field = firstField(position);
        for (int left = checkedCount(position); left > 0; left--) {
            if (keyOf(field).equalsIgnoreCase(key)) {
                if (found != MISSING) {
                    return MISSING;
                }
                found = valueOf(field);
            }
            field = end(valueOf(field));
        }
        return found;
    }

    /** An array's element; negative indexes count from the end; {@link #MISSING} outside. */
    public int element(int position, int index) {
        int tag = bytes.getByte(position);
        if (!DocumentFormat.isContainer(tag) || isObject(tag)) {
            return MISSING;
        }
        int count = checkedCount(position);
        int wanted = index < 0 ? count + index : index;
        return wanted < 0 || wanted >= count ? MISSING : entry(position, count, wanted);
    }

    /**
     * The first field in the order of writing; the next one begins at {@link #end} of its value.
     */
    public int firstField(int position) {
        return body(position, checkedCount(position));
    }

    /** The key of a field that {@link #firstField} or {@link #end} gave. */
    public String keyOf(int field) {
        int length = bytes.getLength(field);
        return bytes.getText(field + bytes.varintBytes(field), length);
    }

    /** The value of a field that {@link #firstField} or {@link #end} gave. */
    public int valueOf(int field) {
        return field + bytes.varintBytes(field) + bytes.getLength(field);
    }

    /** Behind a value: where the next field or element begins, or its container ends. */
    public int end(int position) {
        int tag = bytes.getByte(position);
        if (DocumentFormat.isContainer(tag)) {
            int width = DocumentFormat.width(tag);
            int header = position + 1 + 2 * width;
            return header + bytes.checkedLength(header, bytes.getLittleEndian(position + 1, width));
        }
        return scalars.end(position);
    }

    /** A value of type INT2, INT4, INT8, DATE, TIME, TIMESTAMP or TIMESTAMPTZ as its number. */
    public long getLong(int position) {
        return scalars.getLong(position);
    }

    /** A FLOAT4 or FLOAT8, or an integer converted. */
    public double getDouble(int position) {
        return scalars.getDouble(position);
    }

    public boolean getBool(int position) {
        return scalars.getBool(position);
    }

    /** A TEXT. */
    public String getText(int position) {
        return scalars.getText(position);
    }

    /** How many bytes a TEXT or BYTEA has; they end at {@link #end}. */
    public int getByteLength(int position) {
        return scalars.getByteLength(position);
    }

    /** The value, nested ones whole. */
    public Value value(int position) {
        return value(position, bytes.length(), 0);
    }

    /** Reads every byte: what passes can be read without an error. */
    public void verify() {
        Value root = value(ROOT);
        if (end(ROOT) != bytes.length()) {
            throw bytes.corrupted("something follows the " + root.tag(), end(ROOT));
        }
        verifyDirectories(ROOT);
    }

    /**
     * Where a value ends, when that is within {@code limit}: whoever walks a whole document asks
     * this, so that damaged lengths can't send it in circles.
     */
    int checkedEnd(int position, int limit, int depth) {
        int end = end(position);
        if (end > limit || depth > DocumentLimits.MAX_NESTING) {
            throw bytes.corrupted("a value reaches out of its container", position);
        }
        return end;
    }

    private Value value(int position, int limit, int depth) {
        int tag = bytes.getByte(position);
        int end = checkedEnd(position, limit, depth);
        if (!DocumentFormat.isContainer(tag)) {
            return scalars.value(position);
        }
        return isObject(tag) ? object(position, end, depth) : array(position, end, depth);
    }

    private Value object(int position, int end, int depth) {
        Map<String, Value> fields = new LinkedHashMap<>();
        int count = checkedCount(position);
        int field = body(position, count);
        for (int i = 0; i < count; i++) {
            int value = valueOf(field);
            if (fields.putIfAbsent(keyOf(field), value(value, end, depth + 1)) != null) {
                throw bytes.corrupted("a key stands twice", field);
            }
            field = end(value);
        }
        requireFull(field, end);
        return new Value.Document(fields);
    }

    private Value array(int position, int end, int depth) {
        int count = checkedCount(position);
        List<Value> elements = new ArrayList<>();
        int element = body(position, count);
        for (int i = 0; i < count; i++) {
            elements.add(value(element, end, depth + 1));
            element = end(element);
        }
        requireFull(element, end);
        return new Value.Array(elements);
    }

    private void requireFull(int reached, int end) {
        if (reached != end) {
            throw bytes.corrupted("a container's length is wrong", reached);
        }
    }

    /** After {@link #value} found the bodies sound: every entry is found where it lies. */
    private void verifyDirectories(int position) {
        int tag = bytes.getByte(position);
        if (!DocumentFormat.isContainer(tag)) {
            return;
        }
        int count = checkedCount(position);
        int entry = body(position, count);
        for (int i = 0; i < count; i++) {
            int value = isObject(tag) ? valueOf(entry) : entry;
            int found = isObject(tag) ? field(position, keyOf(entry)) : element(position, i);
            if (found != value) {
                throw bytes.corrupted("a directory is wrong", position);
            }
            verifyDirectories(value);
            entry = end(value);
        }
    }

    private static boolean isObject(int tag) {
        return (tag & DocumentFormat.KIND_MASK) == DocumentFormat.OBJECT;
    }

    private int width(int position) {
        int tag = bytes.getByte(position);
        if (!DocumentFormat.isContainer(tag)) {
            throw bytes.corrupted("a container was expected", position);
        }
        return DocumentFormat.width(tag);
    }

    /** The count, with a directory that lies within the container. */
    private int checkedCount(int position) {
        int width = width(position);
        int length = bytes.getLittleEndian(position + 1, width);
        int count = bytes.getLittleEndian(position + 1 + width, width);
        bytes.checkedLength(position + 1 + 2 * width, length);
        if (count < 0 || (long) count * width > length) {
            throw bytes.corrupted("a directory reaches out of its container", position);
        }
        return count;
    }

    private int body(int position, int count) {
        int width = width(position);
        return position + 1 + (2 + count) * width;
    }

    private int entry(int position, int count, int index) {
        int width = width(position);
        int offset = bytes.getLittleEndian(position + 1 + (2 + index) * width, width);
        int body = position + 1 + (2 + count) * width;
        if (offset < 0 || offset >= end(position) - body) {
            throw bytes.corrupted("an entry lies outside its container", position);
        }
        return body + offset;
    }
}
