package io.nodedb.document.definition;

import static io.nodedb.plan.expression.Exprs.field;
import static io.nodedb.plan.expression.Exprs.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.Type;
import io.nodedb.document.Golden;
import io.nodedb.document.RandomDocuments;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionFormatTest {
    private static final int DAMAGES = 30;

    /** A definition of each kind with a part of each kind. */
    private static List<CollectionDefinition> oneOfEach() {
        return List.of(
                CollectionDefinition.schemaless(PrimaryKey.HIDDEN),
                CollectionDefinition.schemaless(PrimaryKey.generated("id"))
                        .withGuard(
                                FieldGuard.of(
                                                FieldPath.of("a", "b c"),
                                                Type.decimal(10, 2),
                                                Type.TEXT)
                                        .asRequired()
                                        .withDefault(of(1)))
                        .withGuard(FieldGuard.of(FieldPath.of("c")).computedAs(field("d")))
                        .withGuard(FieldGuard.of(FieldPath.of("e")).withCheck(field("e").gt(0)))
                        .addIndex(
                                NewIndex.unique(
                                        "i",
                                        IndexPart.of("a").ordered(KeyOrder.DESCENDING),
                                        new IndexPart(
                                                new IndexPart.EachElement(
                                                        FieldPath.of("items"), List.of("name")),
                                                KeyOrder.ASCENDING_NULLS_FIRST))),
                DefinitionTest.people()
                        .addColumn(NewColumn.of("score", Type.FLOAT8).withDefault(of(0.5)), 0)
                        .dropColumn("extra")
                        .addCheck("positive", field("score").ge(0))
                        .addForeignKey(
                                new ForeignKey(
                                        "parent",
                                        List.of(FieldPath.of("id")),
                                        300,
                                        List.of(FieldPath.of("key")),
                                        ReferenceAction.CASCADE,
                                        ReferenceAction.SET_DEFAULT))
                        .addIndex(
                                new NewIndex(
                                        "j",
                                        Uniqueness.UNIQUE_NULLS_NOT_DISTINCT,
                                        List.of(
                                                IndexPart.computed(field("score").plus(1))
                                                        .ordered(KeyOrder.DESCENDING_NULLS_LAST)),
                                        field("born").isNotNull()))
                        .withIndexReady("j"));
    }

    @Test
    void goldenDefinitionsAreWrittenAndReadTheSame() throws IOException {
        List<String> golden = Golden.lines("definitions-v1.txt");
        List<CollectionDefinition> definitions = oneOfEach();
        assertThat(
                        definitions.stream()
                                .map(each -> HexFormat.of().formatHex(DefinitionFormat.write(each)))
                                .toList())
                .isEqualTo(golden);
        for (int i = 0; i < golden.size(); i++) {
            assertThat(DefinitionFormat.read(HexFormat.of().parseHex(golden.get(i))))
                    .isEqualTo(definitions.get(i));
        }
    }

    @Test
    void definitionsReadBackAndDamagedOnesEndInNamedErrors() {
        SeededRuns.of(LongForm.of("definition-format"))
                .run(
                        300,
                        50_000,
                        random -> {
                            CollectionDefinition definition = new RandomDefinitions(random).next();
                            byte[] bytes = DefinitionFormat.write(definition);
                            assertThat(DefinitionFormat.read(bytes)).isEqualTo(definition);
                            RandomDocuments damages = new RandomDocuments(random);
                            for (int i = 0; i < DAMAGES; i++) {
                                byte[] damaged = damages.damaged(bytes);
                                Throwable failure =
                                        catchThrowable(() -> DefinitionFormat.read(damaged));
                                if (failure != null) {
                                    assertThat(failure)
                                            .isInstanceOfSatisfying(
                                                    NodeDbException.class,
                                                    error ->
                                                            assertThat(error.code())
                                                                    .isEqualTo(
                                                                            ErrorCode
                                                                                    .DATA_CORRUPTED));
                                }
                            }
                        });
    }

    @Test
    void aDefinitionThatIsTooLargeIsNotWritten() {
        CollectionDefinition definition =
                CollectionDefinition.schemaless(PrimaryKey.HIDDEN)
                        .addCheck("long", field("a").ne("x".repeat(5 << 20)));
        assertThatThrownBy(() -> DefinitionFormat.write(definition))
                .isInstanceOf(NodeDbException.class)
                .hasMessageContaining("limit=4194304");
    }
}
