package io.nodedb.document.rules;

import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.PrimaryKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RowConversionTest {
    private static final KeyValueForm PLAIN =
            new KeyValueForm("key", "value", KeyValueForm.Values.PLAIN);
    private static final KeyValueForm OBJECTS =
            new KeyValueForm("key", "value", KeyValueForm.Values.OBJECTS);

    private static RowRules loose() {
        return rules(CollectionDefinition.schemaless(PrimaryKey.of("key")));
    }

    private static RowRules strict() {
        return rules(
                CollectionDefinition.strict(
                        PrimaryKey.of("key"),
                        NewColumn.of("key", Type.TEXT),
                        NewColumn.of("age", Type.INT4),
                        NewColumn.of("next", Type.INT4).generatedAs(field("age").plus(1))));
    }

    private static RowRules rules(CollectionDefinition definition) {
        return new RowRules(definition, FixedTime.ids());
    }

    private static KeyValueRow row(String key, String value) {
        return new KeyValueRow(
                key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bytesOfAnyKindComeBackAfterAWayThroughADocument() {
        byte[] noText = {(byte) 0xFF, 0, 7};
        for (KeyValueRow row :
                new KeyValueRow[] {
                    row("k", "{\"a\": 1"),
                    new KeyValueRow(noText, noText),
                    row("", ""),
                    row("\u0000", "\uFFFD")
                }) {
            RowRules source = loose();
            PreparedRow document = new RowConversion(source).fromKeyValue(row, PLAIN, 0);
            KeyValueRow back = RowConversion.toKeyValue(source, document, PLAIN);
            assertThat(back.key()).isEqualTo(row.key());
            assertThat(back.value()).isEqualTo(row.value());
        }
    }

    @Test
    void objectsGoFromKeyValueThroughDocumentsAndColumnsAndBack() {
        RowRules documents = loose();
        RowRules columns = strict();
        KeyValueRow row = row("ann", "{\"age\": 41}");
        PreparedRow document = new RowConversion(documents).fromKeyValue(row, OBJECTS, 0);
        PreparedRow tuple = new RowConversion(columns).fromRow(documents, document, 0);
        StoredRow read = columns.reader().wrap(tuple.row());
        assertThat(read.value(FieldPath.of("next"))).isEqualTo(Value.of(42));
        PreparedRow again = new RowConversion(columns).fromRow(columns, tuple, 0);
        assertThat(again.row()).isEqualTo(tuple.row());
        PreparedRow back = new RowConversion(documents).fromRow(columns, tuple, 0);
        KeyValueRow last = RowConversion.toKeyValue(documents, back, OBJECTS);
        assertThat(last.key()).isEqualTo(row.key());
        assertThat(last.value()).isEqualTo(row.value());
    }

    @Test
    void aHiddenKeyStaysWhereBothHaveOne() {
        RowRules source = rules(CollectionDefinition.schemaless(PrimaryKey.HIDDEN));
        PreparedRow row = source.insert(RowRulesTest.json("{'a': 1}"), 0);
        RowRules target =
                rules(CollectionDefinition.strict(PrimaryKey.HIDDEN, NewColumn.of("a", Type.INT8)));
        assertThat(new RowConversion(target).fromRow(source, row, 0).key()).isEqualTo(row.key());
    }

    @Test
    void refusalsNameTheRowAndTheField() {
        RowRules documents = loose();
        PreparedRow row =
                new RowConversion(documents)
                        .fromKeyValue(row("bob", "{\"age\": \"old\"}"), OBJECTS, 0);
        assertThatThrownBy(() -> new RowConversion(strict()).fromRow(documents, row, 0))
                .isInstanceOfSatisfying(
                        RowRefusedException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_TEXT);
                            assertThat(refused.row()).contains("bob");
                            assertThat(refused.field()).contains(FieldPath.of("age"));
                        })
                .hasMessageContaining("row=bob: field=age");
        assertThatThrownBy(() ->
                        new RowConversion(documents)
                                .fromKeyValue(row("eve", "no json"), OBJECTS, 0))
                .isInstanceOfSatisfying(
                        RowRefusedException.class,
                        refused -> assertThat(refused.row()).contains("eve"));
        assertThatThrownBy(() -> RowConversion.toKeyValue(documents, row, PLAIN))
                .isInstanceOfSatisfying(
                        RowRefusedException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.UNDEFINED_COLUMN);
                            assertThat(refused.field()).contains(FieldPath.of("age"));
                        });
    }
}
