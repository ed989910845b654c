package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExprPartsTest {
    private static List<String> renamed(List<String> path) {
        List<String> longer = new ArrayList<>(path);
        longer.set(0, path.getFirst() + "_");
        return longer;
    }

    private static List<String> namedBack(List<String> path) {
        List<String> shorter = new ArrayList<>(path);
        String first = path.getFirst();
        shorter.set(0, first.substring(0, first.length() - 1));
        return shorter;
    }

    @Test
    void everyFieldGetsItsNewPathAndNothingElseChanges() {
        SeededRuns.of(LongForm.of("expression-parts"))
                .run(
                        200,
                        50_000,
                        random -> {
                            Expr before = new RandomExpressions(random).next();
                            Expr after = ExprParts.withFields(before, ExprPartsTest::renamed);
                            assertThat(ExprParts.fields(after))
                                    .isEqualTo(
                                            ExprParts.fields(before).stream()
                                                    .map(ExprPartsTest::renamed)
                                                    .toList());
                            assertThat(ExprParts.withFields(after, ExprPartsTest::namedBack))
                                    .isEqualTo(before);
                        });
    }

    @Test
    void everyKindOfPartIsVisited() {
        for (Expr expression : ExprFormatTest.ONE_OF_EACH) {
            boolean namesA = expression.toString().contains("Field[path=[a]]");
            assertThat(ExprParts.fields(expression).contains(List.of("a")))
                    .as("%s", expression)
                    .isEqualTo(namesA);
        }
    }

    @Test
    void onlyTheClockMakesAnExpressionChange() {
        assertThat(ExprParts.isImmutable(field("a").plus(1))).isTrue();
        assertThat(ExprParts.isImmutable(Exprs.call("age", field("a"), field("b")))).isTrue();
        assertThat(ExprParts.isImmutable(Exprs.call("age", field("a")))).isFalse();
        assertThat(ExprParts.isImmutable(field("a").lt(Exprs.call("now")))).isFalse();
    }
}
