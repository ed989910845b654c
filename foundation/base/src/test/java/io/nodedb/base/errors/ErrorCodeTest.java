package io.nodedb.base.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    /** Numbers stand in logs and on rings: lines may be added at the end, never changed. */
    private static final String TABLE =
            """
            1 DEADLINE_EXCEEDED 57014
            2 CONSTRAINT_REJECTED 23514
            3 NOT_FOUND 02000
            4 NOT_AUTHORISED 42501
            5 CONFLICT 40001
            6 FAN_OUT_EXCEEDED 54000
            7 RESOURCES_EXHAUSTED 53000
            8 DANGLING_EDGE 23503
            9 DUPLICATE_WRITE 23505
            10 APPEND_ONLY_VIOLATION 55000
            11 TYPE_GUARD_VIOLATION 23514
            12 TYPE_MISMATCH 42804
            13 OVERFLOW 22003
            14 INSUFFICIENT_BALANCE 23514
            15 RATE_EXCEEDED 53400
            16 COLLECTION_DRAINING 55006
            17 COLLECTION_RECOVERING 57P03
            18 QUARANTINED 58030
            19 CORE_DEGRADED 57P03
            20 REQUEST_REFUSED 57P03
            21 STORAGE_FAILED 58030
            22 OUTCOME_UNKNOWN 40003
            23 LSN_TOO_OLD 72000
            24 SNAPSHOT_TOO_OLD 72000
            25 UNSUPPORTED 0A000
            26 INTERNAL XX000
            27 DISK_FULL 53100
            28 OUT_OF_MEMORY 53200
            29 SHUTTING_DOWN 57P01
            30 INVALID_ARGUMENT 22023
            31 DATA_CORRUPTED XX001
            32 ALREADY_OPEN 55006
            33 INVALID_TEXT 22P02
            34 INVALID_DATETIME 22007
            35 DATETIME_OVERFLOW 22008
            36 DIVISION_BY_ZERO 22012
            37 STRING_TOO_LONG 22001
            38 CANNOT_CAST 42846
            39 INVALID_CHARACTER 22021
            40 DUPLICATE_KEY_IN_OBJECT 22030
            41 PROGRAM_LIMIT 54000
            42 UNDEFINED_FUNCTION 42883
            43 UNDEFINED_COLUMN 42703
            44 UNDEFINED_PARAMETER 42P02
            45 AMBIGUOUS_FUNCTION 42725
            46 INVALID_ESCAPE 22025
            47 SUBSTRING_ERROR 22011
            48 INVALID_LOGARITHM 2201E
            49 INVALID_POWER 2201F
            50 ARRAY_SUBSCRIPT 2202E
            51 INVALID_ESCAPE_CHARACTER 22019
            52 NOT_NULL_VIOLATION 23502
            53 UNIQUE_VIOLATION 23505
            54 FOREIGN_KEY_VIOLATION 23503
            55 INVALID_DEFINITION 42P16
            56 INVALID_OBJECT_DEFINITION 42P17
            57 DUPLICATE_COLUMN 42701
            58 DUPLICATE_OBJECT 42710
            59 UNDEFINED_OBJECT 42704
            60 DUPLICATE_RELATION 42P07
            61 DEPENDENT_OBJECTS 2BP01
            62 GENERATED_ALWAYS 428C9
            63 TOO_MANY_COLUMNS 54011
            64 INVALID_FOREIGN_KEY 42830
            65 INVALID_NAME 42602
            66 DEFINITION_CHANGED 40001
            """;

    @Test
    void numbersNamesAndSqlStatesNeverChange() {
        String actual =
                Arrays.stream(ErrorCode.values())
                        .map(code -> code.number() + " " + code + " " + code.sqlState() + "\n")
                        .collect(Collectors.joining());
        assertThat(actual).startsWith(TABLE);
    }

    @Test
    void numbersAreUniqueDenseAndFindTheirConstant() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number).distinct())
                .hasSize(ErrorCode.values().length);
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.ofNumber(code.number())).isSameAs(code);
        }
        assertThatThrownBy(() -> ErrorCode.ofNumber(0)).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> ErrorCode.ofNumber(ErrorCode.values().length + 1))
                .isInstanceOf(BugException.class);
    }

    @Test
    void everyCodeIsComplete() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.sqlState()).matches("[0-9A-Z]{5}");
            assertThat(code.httpStatus()).isBetween(400, 599);
            assertThat(code.respPrefix()).matches("[A-Z]+");
            assertThat(code.advice()).endsWith(".");
        }
    }

    @Test
    void messageNamesCodeStateValuesRetryAndAdvice() {
        NodeDbException error =
                new NodeDbException(ErrorCode.OUT_OF_MEMORY, "limit reached: used=7", 100, null);
        assertThat(error)
                .hasMessage(
                        "OUT_OF_MEMORY [53200] limit reached: used=7 (retry after 100 ms) Delete"
                                + " data or raise memory_limit.");
        assertThat(error.retryAfterMillis()).isEqualTo(100);
    }

    @Test
    void brokenClaimsNameTheirNumbers() {
        assertThatThrownBy(() -> Check.that(false, "sizes are equal", 3, 4))
                .hasMessage("sizes are equal: expected=3 actual=4");
        assertThatThrownBy(() -> Check.that(false, "size is positive", -1))
                .hasMessage("size is positive: value=-1");
        Check.that(true, "nothing happens");
    }
}
