package io.nodedb.document.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.RandomDocuments;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Documents against the values they were written from. */
class DocumentFuzzTest {
    private static final int DAMAGES = 20;

    private final DocumentWriter writer = new DocumentWriter();
    private final DocumentView view = new DocumentView();

    private static SeededRuns runs() {
        return SeededRuns.of(LongForm.of("document-format"));
    }

    @Test
    void everyFieldIsFoundAndTheWholeReadsBack() {
        runs().run(
                        300,
                        50_000,
                        random -> {
                            Value value = new RandomDocuments(random).next();
                            byte[] document = writer.clear().put(value).toByteArray();
                            try (Arena arena = Arena.ofConfined()) {
                                MemorySegment memory = arena.allocate(document.length + 7L);
                                MemorySegment.copy(
                                        MemorySegment.ofArray(document),
                                        0,
                                        memory,
                                        3,
                                        document.length);
                                view.wrap(memory, 3, document.length).verify();
                                assertThat(view.value(view.root())).isEqualTo(value);
                                assertSame(view, view.root(), value);
                            }
                        });
    }

    private static void assertSame(DocumentView view, int position, Value value) {
        assertThat(view.value(position)).isEqualTo(value);
        assertThat(view.type(position)).isEqualTo(value.tag());
        if (value instanceof Value.Document object) {
            assertThat(view.count(position)).isEqualTo(object.fields().size());
            int field = view.firstField(position);
            for (Map.Entry<String, Value> entry : object.fields().entrySet()) {
                assertThat(view.keyOf(field)).isEqualTo(entry.getKey());
                assertSame(view, view.field(position, entry.getKey()), entry.getValue());
                assertThat(view.field(position, entry.getKey() + "?"))
                        .isEqualTo(DocumentView.MISSING);
                field = view.end(view.valueOf(field));
            }
        } else if (value instanceof Value.Array array) {
            List<Value> elements = array.elements();
            for (int i = 0; i < elements.size(); i++) {
                assertSame(view, view.element(position, i), elements.get(i));
            }
            assertThat(view.element(position, elements.size())).isEqualTo(DocumentView.MISSING);
            assertThat(view.element(position, -elements.size() - 1))
                    .isEqualTo(DocumentView.MISSING);
        } else {
            assertThat(view.field(position, "a")).isEqualTo(DocumentView.MISSING);
        }
    }

    @Test
    void jsonTextReadsBackAsItWasWritten() {
        runs().run(
                        300,
                        20_000,
                        random -> {
                            Value value = new RandomDocuments(random).next();
                            view.wrap(writer.clear().put(value).toByteArray());
                            String json = DocumentJson.write(view);
                            assertThat(json).isEqualTo(JsonText.write(value));
                            view.wrap(DocumentJson.read(json, writer)).verify();
                            Value read = view.value(view.root());
                            assertThat(read).isEqualTo(JsonText.read(json));
                            // 1.0 comes back as 1: the same number, but another type
                            Value again = JsonText.read(DocumentJson.write(view));
                            assertThat(ValueOrder.compare(again, read)).isZero();
                        });
    }

    @Test
    void damagedDocumentsEndInNamedErrors() {
        runs().run(
                        150,
                        50_000,
                        random -> {
                            RandomDocuments documents = new RandomDocuments(random);
                            byte[] document = writer.clear().put(documents.next()).toByteArray();
                            for (int i = 0; i < DAMAGES; i++) {
                                byte[] damaged = documents.damaged(document);
                                assertNamed(() -> view.wrap(damaged).verify());
                                assertNamed(() -> DocumentJson.write(view.wrap(damaged)));
                                assertNamed(() -> view.wrap(damaged).field(view.root(), "name"));
                                assertNamed(() -> view.wrap(damaged).element(view.root(), 1));
                                assertNamed(() ->
                                        view.wrap(damaged).fieldIgnoringCase(view.root(), "NAME"));
                            }
                        });
    }

    private static void assertNamed(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
        Throwable failure = catchThrowable(read);
        if (failure != null) {
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
        }
    }
}
