package io.nodedb.plan.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Expressions give what a real PostgreSQL gives: the type, the value as text, or the SQLSTATE. */
class PostgresIT {
    private static final Casting UTC = new Casting(ZoneId.of("UTC"));
    private static final int EXPRESSIONS = 500;

    private static @Nullable PostgresProcess postgres;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> programs = PostgresProcess.programs();
        assumeTrue(programs.isPresent(), PostgresProcess.MISSING);
        postgres = PostgresProcess.start(programs.get());
    }

    @AfterAll
    static void stop() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void randomExpressionsGiveWhatPostgresGives() throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET extra_float_digits = 1");
            SeededRuns.of(LongForm.of("postgres-expressions"))
                    .run(
                            6,
                            300,
                            random -> {
                                RandomExpressions expressions = new RandomExpressions(random);
                                for (int i = 0; i < EXPRESSIONS; i++) {
                                    Expr expression = expressions.next();
                                    String sql = SqlText.query(expression, expressions.columns());
                                    assertThat(ours(expression, expressions.columns()))
                                            .as(sql)
                                            .isEqualTo(theirs(statement, sql));
                                    assertThat(ExprFormat.read(ExprFormat.write(expression)))
                                            .isEqualTo(expression);
                                }
                            });
        }
    }

    static String ours(Expr expression, SequencedMap<String, Expr.Literal> columns) {
        SequencedMap<String, Type> types = new LinkedHashMap<>();
        columns.forEach((name, literal) -> types.put(name, literal.type()));
        List<Value> row = columns.values().stream().map(Expr.Literal::value).toList();
        try {
            BoundExpression bound = new Binder(new ColumnScope(types), UTC.zone()).bind(expression);
            Value value = bound.evaluate(new Evaluation(List.of(), 0, UTC).moveTo(row::get));
            String text = value.isNull() ? "NULL" : UTC.write(value, bound.type());
            return bound.type().sqlName() + ": " + text;
        } catch (NodeDbException error) {
            return error.code().sqlState();
        }
    }

    static String theirs(Statement statement, String sql) {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            String type = rows.getString(1);
            String text = rows.getBoolean(3) ? "NULL" : rows.getString(2);
            // a cast to text writes booleans in full, the output function does not
            boolean isTruth = type.equals("boolean") && !rows.getBoolean(3);
            return type + ": " + (isTruth ? text.substring(0, 1) : text);
        } catch (SQLException error) {
            return error.getSQLState();
        }
    }
}
