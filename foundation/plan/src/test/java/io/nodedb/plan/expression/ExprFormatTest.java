package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExprFormatTest {
    /** One expression of each kind, in the order of their numbers in the format. */
    static final List<Expr> ONE_OF_EACH =
            List.of(
                    Exprs.quoted("2024-01-01"),
                    field("address", "city"),
                    Exprs.parameter(300),
                    field("a").ge(5),
                    field("a").binary(Operator.JSON_PATH_TEXT, Exprs.of("x")),
                    new Expr.Negate(field("a")),
                    field("a").and(field("b")),
                    field("a").or(field("b")),
                    field("a").not(),
                    field("a").isNull(),
                    new Expr.IsTruth(field("a"), true),
                    new Expr.Like(field("a"), Exprs.of("x%"), Exprs.of("!"), true),
                    field("a").in(1L, 2.5, Value.NULL),
                    field("a").between(1, 2),
                    new Expr.Case(
                            field("a"),
                            List.of(new Expr.When(Exprs.of(true), Exprs.of("x"))),
                            Exprs.nothing()),
                    new Expr.Coalesce(List.of(field("a"), Exprs.of(new Value.Interval(1, 2, 3)))),
                    new Expr.NullIf(field("a"), Exprs.of("")),
                    field("a").tryCast(Type.array(Type.decimal(10, 2))),
                    Exprs.call("lower", field("a")),
                    new Expr.ArrayOf(List.of(Exprs.of(1), field("b"))));

    @Test
    void goldenExpressionsAreWrittenAndReadTheSame() throws IOException {
        List<String> golden;
        try (InputStream file = getClass().getResourceAsStream("/golden/expressions-v1.txt")) {
            golden =
                    new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .toList();
        }
        assertThat(ONE_OF_EACH.stream().map(ExprFormatTest::hex).toList()).isEqualTo(golden);
        for (int i = 0; i < golden.size(); i++) {
            assertThat(ExprFormat.read(HexFormat.of().parseHex(golden.get(i))))
                    .isEqualTo(ONE_OF_EACH.get(i));
        }
    }

    static String hex(Expr expression) {
        return HexFormat.of().formatHex(ExprFormat.write(expression));
    }

    @Test
    void randomExpressionsReadBackAndDamagedOnesEndInNamedErrors() {
        SeededRuns.of(LongForm.of("expression-format"))
                .run(
                        2_000,
                        200_000,
                        random -> {
                            Expr expression = new RandomExpressions(random).next();
                            byte[] bytes = ExprFormat.write(expression);
                            assertThat(ExprFormat.read(bytes)).isEqualTo(expression);
                            byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(2));
                            damaged[random.nextInt(damaged.length)] ^=
                                    (byte) (1 << random.nextInt(8));
                            Throwable failure = catchThrowable(() -> ExprFormat.read(damaged));
                            if (failure != null) {
                                assertThat(failure)
                                        .isInstanceOfSatisfying(
                                                NodeDbException.class,
                                                error ->
                                                        assertThat(error.code())
                                                                .isEqualTo(
                                                                        ErrorCode.DATA_CORRUPTED));
                            }
                        });
    }
}
