package io.nodedb.document.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private final DocumentWriter writer = new DocumentWriter();
    private final DocumentView view = new DocumentView();

    @Test
    void goldenDocumentsAreWrittenAndReadTheSame() throws IOException {
        for (String line : Golden.lines("document-v1.txt")) {
            String hex = line.substring(0, line.indexOf(' '));
            String json = line.substring(line.indexOf(' ') + 1);
            assertThat(HexFormat.of().formatHex(DocumentJson.read(json, writer)))
                    .as(json)
                    .isEqualTo(hex);
            view.wrap(HexFormat.of().parseHex(hex)).verify();
            assertThat(DocumentJson.write(view)).isEqualTo(json);
        }
    }

    @Test
    void fieldsAreFoundByExactKeyAndByTheOnlyOneThatDiffersInCase() {
        view.wrap(DocumentJson.read("{\"userName\": 1, \"a\": 2, \"A\": 3}", writer));
        assertThat(view.field(view.root(), "username")).isEqualTo(DocumentView.MISSING);
        assertThat(view.getLong(view.fieldIgnoringCase(view.root(), "username"))).isEqualTo(1);
        assertThat(view.getLong(view.field(view.root(), "A"))).isEqualTo(3);
        assertThat(view.fieldIgnoringCase(view.root(), "a")).isEqualTo(DocumentView.MISSING);
    }

    @Test
    void nestedValuesAreReachedInPlace() {
        String json = "{\"user\": {\"tags\": [\"x\", {\"deep\": 1.5}]}, \"n\": null}";
        view.wrap(DocumentJson.read(json, writer));
        int tags = view.field(view.field(view.root(), "user"), "tags");
        assertThat(view.type(tags)).isEqualTo(TypeTag.ARRAY);
        assertThat(view.getText(view.element(tags, 0))).isEqualTo("x");
        assertThat(view.getDouble(view.field(view.element(tags, -1), "deep"))).isEqualTo(1.5);
        assertThat(view.isNull(view.field(view.root(), "n"))).isTrue();
        assertThat(view.field(tags, "deep")).isEqualTo(DocumentView.MISSING);
    }

    @Test
    void aHundredThousandFieldsInReverseOrderAreEachFound() {
        writer.clear().startObject();
        for (int i = 100_000; i > 0; i--) {
            writer.key("field" + i).putLong(i);
        }
        view.wrap(writer.end().toByteArray());
        for (int i = 1; i <= 100_000; i += 997) {
            assertThat(view.getLong(view.field(view.root(), "field" + i))).isEqualTo(i);
        }
        assertThat(view.keyOf(view.firstField(view.root()))).isEqualTo("field100000");
    }

    @Test
    void duplicateKeysAreRefusedByName() {
        assertCode(
                () -> DocumentJson.read("{\"b\": 1, \"a\": 1, \"b\": 2}", writer),
                ErrorCode.DUPLICATE_KEY_IN_OBJECT,
                "key=\"b\"");
    }

    @Test
    void textsThatAreNoUtf8OrHalfASurrogatePairAreRefused() {
        byte[] broken = "{\"a\": \"x?\"}".getBytes(StandardCharsets.UTF_8);
        broken[8] = (byte) 0xFF;
        assertCode(
                () -> DocumentJson.read(broken, 0, broken.length, writer),
                ErrorCode.INVALID_TEXT,
                "UTF-8");
        assertCode(
                () -> DocumentJson.read("\"\\udc00\"", writer),
                ErrorCode.INVALID_CHARACTER,
                "surrogate");
    }

    @Test
    void brokenJsonIsRefusedWithItsPlace() {
        assertCode(
                () -> DocumentJson.read("{\"a\":\n 1,}", writer),
                ErrorCode.INVALID_TEXT,
                "line=2 column=");
        assertCode(() -> DocumentJson.read("", writer), ErrorCode.INVALID_TEXT, "ends early");
        assertCode(() -> DocumentJson.read("[1", writer), ErrorCode.INVALID_TEXT, "");
        assertCode(() -> DocumentJson.read("1 2", writer), ErrorCode.INVALID_TEXT, "follows");
    }

    @Test
    void nestingEndsAtItsLimit() {
        int most = DocumentLimits.MAX_NESTING;
        String deepest = "[".repeat(most) + "]".repeat(most);
        view.wrap(DocumentJson.read(deepest, writer)).verify();
        assertThat(JsonText.write(view.value(view.root()))).isEqualTo(deepest);
        assertCode(
                () -> DocumentJson.read("[" + deepest + "]", writer), ErrorCode.PROGRAM_LIMIT, "");
        writer.clear();
        for (int i = 0; i < most; i++) {
            writer.startArray();
        }
        assertCode(writer::startArray, ErrorCode.PROGRAM_LIMIT, "limit=100");
    }

    @Test
    void sizeEndsAtItsLimit() {
        String megabyte = "x".repeat(1 << 20);
        writer.clear().startArray();
        for (int i = 0; i < 15; i++) {
            writer.putText(megabyte);
        }
        assertCode(
                () -> writer.putText(megabyte).putText(megabyte),
                ErrorCode.PROGRAM_LIMIT,
                "limit=16777216");
        byte[] huge = new byte[DocumentLimits.MAX_DOCUMENT_BYTES + 1];
        huge[0] = 1;
        assertCode(() -> view.wrap(huge), ErrorCode.DATA_CORRUPTED, "size");
    }

    @Test
    void typesThatJsonDoesNotHaveReadBackFromTheDocument() {
        Value instant = new Value.TimestampTz(1);
        view.wrap(writer.clear().startObject().key("t").put(instant).end().toByteArray());
        assertThat(view.value(view.field(view.root(), "t"))).isEqualTo(instant);
        assertThat(DocumentJson.write(view))
                .isEqualTo("{\"t\": \"1970-01-01T00:00:00.000001+00:00\"}");
    }

    @Test
    void floatsReadBackFromJsonAsTheNumberTheyWere() {
        for (double value :
                new double[] {
                    -5.680725172971897e16,
                    0x1p53,
                    0x1p53 + 2,
                    1e15,
                    9.007199254740994e15,
                    1e22,
                    1e23,
                    0x1p63,
                    -0x1p63,
                    12345678901.25,
                    Double.MAX_VALUE,
                    Double.MIN_VALUE,
                    0.1,
                    (double) 1.17f,
                    (double) Float.MAX_VALUE
                }) {
            Value stored = Value.of(value);
            String json = DocumentJson.write(view.wrap(writer.clear().put(stored).toByteArray()));
            view.wrap(DocumentJson.read(json, writer));
            assertThat(ValueOrder.compare(view.value(view.root()), stored)).as(json).isZero();
        }
    }

    private static void assertCode(ThrowingCallable call, ErrorCode code, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeDbException.class, error -> assertThat(error.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }
}
