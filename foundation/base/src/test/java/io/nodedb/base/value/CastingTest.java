package io.nodedb.base.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts in and out, as PostgreSQL 15 was seen to give them in time zone UTC. */
class CastingTest {
    private static final Casting UTC = new Casting(ZoneId.of("UTC"));

    static Type type(String name) {
        return switch (name) {
            case "numeric(5,1)" -> Type.decimal(5, 1);
            case "varchar(3)" -> Type.varchar(3);
            case "text[]" -> Type.array(Type.TEXT);
            case "int[]" -> Type.array(Type.INT4);
            default -> Type.of(TypeTag.valueOf(name));
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "BOOL|yes|t",
                "BOOL| off |f",
                "INT4|  12 |12",
                "INT8|-9223372036854775808|-9223372036854775808",
                "FLOAT8|1e15|1e+15",
                "FLOAT8|123456789012345|123456789012345",
                "FLOAT8|1234567890123456|1.234567890123456e+15",
                "FLOAT8|0.0001|0.0001",
                "FLOAT8|0.00001|1e-05",
                "FLOAT8|5e-324|5e-324",
                "FLOAT8|-0|-0",
                "FLOAT8|inf|Infinity",
                "FLOAT4|1e6|1e+06",
                "FLOAT4|123456|123456",
                "FLOAT4|0.1|0.1",
                "DECIMAL|1e3|1000",
                "DECIMAL|1.50|1.50",
                "DECIMAL|nan|NaN",
                "numeric(5,1)|-1.25|-1.3",
                "numeric(5,1)|1.50|1.5",
                "varchar(3)|abcd|abc",
                "BYTEA|\\x01fF|\\x01ff",
                "BYTEA|a\\\\b\\001|\\x615c6201",
                "UUID|{A0EEBC999C0B4EF8BB6D6BB9BD380A11}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "DATE|20240131|2024-01-31",
                "DATE|2024-1-5 BC|2024-01-05 BC",
                "DATE|infinity|infinity",
                "TIME|24:00|24:00:00",
                "TIME|1:02:03.4567895 PM|13:02:03.45679",
                "TIMESTAMP|2024-01-01T10:11:12.1234567|2024-01-01 10:11:12.123457",
                "TIMESTAMP|2024-01-01 10:00:60|2024-01-01 10:01:00",
                "TIMESTAMP|-infinity|-infinity",
                "TIMESTAMPTZ|2024-01-01T10:11:12.5Z|2024-01-01 10:11:12.5+00",
                "TIMESTAMPTZ|2024-01-01 10:00 Europe/Berlin|2024-01-01 09:00:00+00",
                "TIMESTAMPTZ|2024-01-01+02|2023-12-31 22:00:00+00",
                "INTERVAL|1 year 2 mons -3 days 04:05:06.7|1 year 2 mons -3 days +04:05:06.7",
                "INTERVAL|P1Y2M3DT4H5M6S|1 year 2 mons 3 days 04:05:06",
                "INTERVAL|1.5 years|1 year 6 mons",
                "INTERVAL|1.25 mons|1 mon 7 days 12:00:00",
                "INTERVAL|-1 mon +3 days -1 sec|-1 mons +3 days -00:00:01",
                "INTERVAL|@ 1 day ago|-1 days",
                "INTERVAL|0|00:00:00",
                "INTERVAL|25:00|25:00:00",
                "text[]|{1,NULL,\"a b\",\"\"}|{1,NULL,\"a b\",\"\"}",
                "int[]|{{1,2},{3,4}}|{{1,2},{3,4}}",
                "int[]|{}|{}",
                "JSON|[null, 1.5,{\"b\":1,\"aa\":\"\\u0041\\n\"}]|[null, 1.5, {\"b\": 1, \"aa\": \"A\\n\"}]",
            })
    void textsAreReadAndWrittenAsPostgresDoes(String type, String in, String out) {
        Value value = UTC.read(in, type(type));
        assertThat(UTC.write(value, type(type))).isEqualTo(out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INT4|2147483648|22003",
                "INT4|0x1F|22P02",
                "INT4|``|22P02",
                "FLOAT8|1e400|22003",
                "FLOAT8|1e-400|22003",
                "DECIMAL|1e200000|22003",
                "DECIMAL|1.2.3|22P02",
                "numeric(5,1)|12345|22003",
                "BOOL|maybe|22P02",
                "BYTEA|\\x0|22P02",
                "UUID|a0ee|22P02",
                "DATE|2023-02-29|22008",
                "DATE|yesterday-ish|22007",
                "DATE|9999999-01-01|22008",
                "TIMESTAMP|2024-01-01T25:00|22008",
                "INTERVAL|1 fortnight|22007",
                "INTERVAL|9999999999 years|22008",
                "int[]|{1,{2}}|22P02",
                "int[]|{1|22P02",
                "JSON|{\"a\":1,}|22P02",
                "JSON|{\"a\":1,\"a\":2}|22030",
                "JSON|\"\\ud800\"|22021",
                "JSON|``|22P02",
                "JSON|1 2|22P02",
            })
    void textsThatAreNoSuchValueAreNamedErrors(String type, String in, String state) {
        assertThatThrownBy(() -> UTC.read(in, type(type)))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        error -> assertThat(error.code().sqlState()).isEqualTo(state));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FLOAT8|12.5|INT4|12",
                "FLOAT8|13.5|INT4|14",
                "DECIMAL|12.5|INT4|13",
                "DECIMAL|-12.5|INT4|-13",
                "FLOAT8|0.1|DECIMAL|0.1",
                "FLOAT4|0.1|DECIMAL|0.1",
                "FLOAT8|1e20|DECIMAL|100000000000000000000",
                "INT4|0|BOOL|f",
                "BOOL|t|INT4|1",
                "BOOL|t|TEXT|true",
                "TIMESTAMP|2024-01-01 10:11:12|DATE|2024-01-01",
                "DATE|2024-01-01|TIMESTAMP|2024-01-01 00:00:00",
                "DATE|infinity|TIMESTAMP|infinity",
                "TIMESTAMPTZ|1969-12-31 23:00:00+00|TIME|23:00:00",
                "INTERVAL|25:00|TIME|01:00:00",
                "TEXT|{1,2}|int[]|{1,2}",
                "int[]|{1,2}|text[]|{1,2}",
                "JSON|\"a\"|TEXT|\"a\"",
                "JSON|1.5|INT4|2",
            })
    void castsGiveWhatPostgresGives(String from, String in, String to, String out) {
        Value cast = UTC.cast(UTC.read(in, type(from)), type(from), type(to));
        assertThat(UTC.write(cast, type(to))).isEqualTo(out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-1e30", "NaN"})
    void numbersThatDoNotFitAreErrors(String text) {
        Value value = UTC.read(text, Type.FLOAT8);
        assertThatThrownBy(() -> UTC.cast(value, Type.FLOAT8, Type.INT8))
                .hasMessageContaining("OVERFLOW [22003] bigint out of range");
    }

    @Test
    void assignmentConvertsOnlyWhatPostgresConvertsUnasked() {
        assertThat(UTC.assign(Value.of("ab "), Type.TEXT, Type.varchar(2)))
                .isEqualTo(Value.of("ab"));
        assertThatThrownBy(() -> UTC.assign(Value.of("abc"), Type.TEXT, Type.varchar(2)))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.STRING_TOO_LONG));
        assertThatThrownBy(() -> UTC.assign(Value.of("1"), Type.TEXT, Type.INT4))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TYPE_MISMATCH));
        assertThat(UTC.assign(Value.of(1L), Type.INT8, Type.INT4)).isEqualTo(Value.of(1));
    }

    @Test
    void instantsFollowTheZoneAndItsGaps() {
        Casting berlin = new Casting(ZoneId.of("Europe/Berlin"));
        assertThat(
                        berlin.write(
                                berlin.read("2024-03-31 02:30", Type.TIMESTAMPTZ),
                                Type.TIMESTAMPTZ))
                .isEqualTo("2024-03-31 03:30:00+02");
        assertThat(
                        berlin.write(
                                berlin.read("2024-10-27 02:30", Type.TIMESTAMPTZ),
                                Type.TIMESTAMPTZ))
                .isEqualTo("2024-10-27 02:30:00+01");
        assertThat(berlin.write(berlin.read("1800-01-01", Type.TIMESTAMPTZ), Type.TIMESTAMPTZ))
                .isEqualTo("1800-01-01 00:00:00+00:53:28");
    }

    @Test
    void jsonNumbersLoseNothing() {
        assertThat(JsonText.read("1")).isEqualTo(Value.of(1L));
        assertThat(JsonText.read("0.1")).isEqualTo(Value.of(0.1));
        assertThat(JsonText.read("9223372036854775808").tag()).isEqualTo(TypeTag.DECIMAL);
        assertThat(JsonText.write(JsonText.read("0.1000000000000000055511151231257827")))
                .isEqualTo("0.1000000000000000055511151231257827");
        assertThat(ValueOrder.equal(JsonText.read("0.1"), UTC.read("0.10", Type.DECIMAL))).isTrue();
    }
}
