package io.nodedb.base.errors;

import static io.nodedb.base.errors.ErrorClass.CORRUPTION;
import static io.nodedb.base.errors.ErrorClass.INTERNAL_FAULT;
import static io.nodedb.base.errors.ErrorClass.RESOURCE;
import static io.nodedb.base.errors.ErrorClass.USER;

/**
 * Every error that crosses the bridge or leaves the process, in one table: its stable number (on
 * rings and in the log), its SQLSTATE, its HTTP status, its RESP error prefix, whose problem it is,
 * whether the same request may be sent again, and what the caller should do.
 */
public enum ErrorCode {
    // spotless:off
    DEADLINE_EXCEEDED     (1,  "57014", 504, "TIMEOUT",  RESOURCE,       Retry.YES,   "Retry, or give the request a longer deadline."),
    CONSTRAINT_REJECTED   (2,  "23514", 409, "ERR",      USER,           Retry.NO,    "Change the value that the named constraint rejects."),
    NOT_FOUND             (3,  "02000", 404, "ERR",      USER,           Retry.NO,    "Check the name or the key."),
    NOT_AUTHORISED        (4,  "42501", 403, "NOPERM",   USER,           Retry.NO,    "Ask the owner to grant the right that is named."),
    CONFLICT              (5,  "40001", 409, "CONFLICT", USER,           Retry.YES,   "Run the whole transaction again."),
    FAN_OUT_EXCEEDED      (6,  "54000", 400, "ERR",      USER,           Retry.NO,    "Narrow the request, or raise the named limit."),
    RESOURCES_EXHAUSTED   (7,  "53000", 503, "BUSY",     RESOURCE,       Retry.LATER, "Wait for the given time and retry."),
    DANGLING_EDGE         (8,  "23503", 409, "ERR",      USER,           Retry.NO,    "Insert the missing end of the edge first."),
    DUPLICATE_WRITE       (9,  "23505", 409, "ERR",      USER,           Retry.NO,    "The write was applied before under this idempotency key; use a new key for a new write."),
    APPEND_ONLY_VIOLATION (10, "55000", 409, "ERR",      USER,           Retry.NO,    "The collection takes inserts only."),
    TYPE_GUARD_VIOLATION  (11, "23514", 409, "ERR",      USER,           Retry.NO,    "Change the field that the type guard names."),
    TYPE_MISMATCH         (12, "42804", 400, "WRONGTYPE",USER,           Retry.NO,    "Use an operation that fits the value's type."),
    OVERFLOW              (13, "22003", 400, "ERR",      USER,           Retry.NO,    "The result does not fit its type."),
    INSUFFICIENT_BALANCE  (14, "23514", 409, "ERR",      USER,           Retry.NO,    "The source holds less than the amount."),
    RATE_EXCEEDED         (15, "53400", 429, "BUSY",     RESOURCE,       Retry.LATER, "Wait for the given time and retry."),
    COLLECTION_DRAINING   (16, "55006", 409, "ERR",      RESOURCE,       Retry.NO,    "The collection is being dropped."),
    COLLECTION_RECOVERING (17, "57P03", 503, "LOADING",  RESOURCE,       Retry.LATER, "Part of the collection is being rebuilt; wait for the given time and retry."),
    QUARANTINED           (18, "58030", 500, "ERR",      CORRUPTION,     Retry.NO,    "The named file failed its checksum and was set aside; see the quarantine list."),
    CORE_DEGRADED         (19, "57P03", 503, "BUSY",     INTERNAL_FAULT, Retry.LATER, "The core recovers by itself; wait for the given time and retry."),
    REQUEST_REFUSED       (20, "57P03", 503, "BUSY",     INTERNAL_FAULT, Retry.LATER, "This request failed repeatedly with an internal error; report the ids in the log."),
    STORAGE_FAILED        (21, "58030", 500, "IOERR",    INTERNAL_FAULT, Retry.NO,    "Look at the disk; writes are refused until the database is restarted."),
    OUTCOME_UNKNOWN       (22, "40003", 500, "UNKNOWN",  INTERNAL_FAULT, Retry.NO,    "The write may or may not have been made; read before writing again."),
    LSN_TOO_OLD           (23, "72000", 410, "ERR",      USER,           Retry.NO,    "The log no longer reaches back that far; take a new snapshot and start from its LSN."),
    SNAPSHOT_TOO_OLD      (24, "72000", 409, "ERR",      USER,           Retry.YES,   "The snapshot was older than max_snapshot_age; start a new transaction."),
    UNSUPPORTED           (25, "0A000", 501, "ERR",      USER,           Retry.NO,    "This is not supported yet."),
    INTERNAL              (26, "XX000", 500, "ERR",      INTERNAL_FAULT, Retry.NO,    "Report the id, which stands in the log with the cause."),
    DISK_FULL             (27, "53100", 507, "OOM",      RESOURCE,       Retry.LATER, "Free disk space; writes resume by themselves."),
    OUT_OF_MEMORY         (28, "53200", 507, "OOM",      RESOURCE,       Retry.LATER, "Delete data or raise memory_limit."),
    SHUTTING_DOWN         (29, "57P01", 503, "LOADING",  RESOURCE,       Retry.LATER, "The database is closing; connect again later."),
    INVALID_ARGUMENT      (30, "22023", 400, "ERR",      USER,           Retry.NO,    "Change the argument that is named."),
    DATA_CORRUPTED        (31, "XX001", 500, "ERR",      CORRUPTION,     Retry.NO,    "Restore the named file from a backup, or run `nodedb verify` to see the extent."),
    ALREADY_OPEN          (32, "55006", 409, "ERR",      USER,           Retry.NO,    "Close the process that holds the directory first."),
    INVALID_TEXT          (33, "22P02", 400, "ERR",      USER,           Retry.NO,    "Write the value as its type's input format wants it."),
    INVALID_DATETIME      (34, "22007", 400, "ERR",      USER,           Retry.NO,    "Write the date or time in ISO 8601."),
    DATETIME_OVERFLOW     (35, "22008", 400, "ERR",      USER,           Retry.NO,    "Use a date or time within the type's range."),
    DIVISION_BY_ZERO      (36, "22012", 400, "ERR",      USER,           Retry.NO,    "Guard the divisor, for example with NULLIF(divisor, 0)."),
    STRING_TOO_LONG       (37, "22001", 400, "ERR",      USER,           Retry.NO,    "Shorten the value or widen its type."),
    CANNOT_CAST           (38, "42846", 400, "ERR",      USER,           Retry.NO,    "There is no cast between these types; convert in two steps, for example by text."),
    INVALID_CHARACTER     (39, "22021", 400, "ERR",      USER,           Retry.NO,    "Send valid UTF-8."),
    DUPLICATE_KEY_IN_OBJECT (40, "22030", 400, "ERR",      USER,           Retry.NO,    "Name each key of an object once."),
    PROGRAM_LIMIT         (41, "54000", 400, "ERR",      USER,           Retry.NO,    "Make the value smaller or less nested than the named limit."),
    UNDEFINED_FUNCTION    (42, "42883", 400, "ERR",      USER,           Retry.NO,    "Check the name and the argument types, or add a cast."),
    UNDEFINED_COLUMN      (43, "42703", 400, "ERR",      USER,           Retry.NO,    "Check the column's name."),
    UNDEFINED_PARAMETER   (44, "42P02", 400, "ERR",      USER,           Retry.NO,    "Bind a value to the parameter."),
    AMBIGUOUS_FUNCTION    (45, "42725", 400, "ERR",      USER,           Retry.NO,    "Add a cast to say which one is meant."),
    INVALID_ESCAPE        (46, "22025", 400, "ERR",      USER,           Retry.NO,    "End no pattern with its escape character."),
    SUBSTRING_ERROR       (47, "22011", 400, "ERR",      USER,           Retry.NO,    "Use a length that is not negative."),
    INVALID_LOGARITHM     (48, "2201E", 400, "ERR",      USER,           Retry.NO,    "Take logarithms of positive numbers only."),
    INVALID_POWER         (49, "2201F", 400, "ERR",      USER,           Retry.NO,    "Use a base and exponent whose power is a real number."),
    ARRAY_SUBSCRIPT       (50, "2202E", 400, "ERR",      USER,           Retry.NO,    "Give all parts of an array the same length."),
    INVALID_ESCAPE_CHARACTER (51, "22019", 400, "ERR",      USER,           Retry.NO,    "Use an escape of one character."),
    NOT_NULL_VIOLATION    (52, "23502", 409, "ERR",      USER,           Retry.NO,    "Give the named field a value."),
    UNIQUE_VIOLATION      (53, "23505", 409, "ERR",      USER,           Retry.NO,    "Choose another value for the named key, or change the row that has it."),
    FOREIGN_KEY_VIOLATION (54, "23503", 409, "ERR",      USER,           Retry.NO,    "Insert the row that is referred to first, or delete the rows that refer to it."),
    INVALID_DEFINITION    (55, "42P16", 400, "ERR",      USER,           Retry.NO,    "Change the part of the definition that is named."),
    INVALID_OBJECT_DEFINITION (56, "42P17", 400, "ERR",      USER,           Retry.NO,    "Use an expression that gives the same result for the same row at any time."),
    DUPLICATE_COLUMN      (57, "42701", 400, "ERR",      USER,           Retry.NO,    "Name each column once."),
    DUPLICATE_OBJECT      (58, "42710", 400, "ERR",      USER,           Retry.NO,    "Choose another name, or drop the object that has it."),
    UNDEFINED_OBJECT      (59, "42704", 400, "ERR",      USER,           Retry.NO,    "Check the name of the constraint or index."),
    DUPLICATE_RELATION    (60, "42P07", 400, "ERR",      USER,           Retry.NO,    "Choose another name, or drop the relation that has it."),
    DEPENDENT_OBJECTS     (61, "2BP01", 400, "ERR",      USER,           Retry.NO,    "Drop what depends on it first."),
    GENERATED_ALWAYS      (62, "428C9", 400, "ERR",      USER,           Retry.NO,    "Leave the generated column out, or say DEFAULT."),
    TOO_MANY_COLUMNS      (63, "54011", 400, "ERR",      USER,           Retry.NO,    "Use fewer columns, or a JSON column."),
    INVALID_FOREIGN_KEY   (64, "42830", 400, "ERR",      USER,           Retry.NO,    "Name as many columns as the key that is referred to has."),
    INVALID_NAME          (65, "42602", 400, "ERR",      USER,           Retry.NO,    "Use a name of 1 to 255 bytes in UTF-8."),
    DEFINITION_CHANGED    (66, "40001", 409, "CONFLICT", USER,           Retry.YES,   "The collection's definition changes at this moment; send the write, or run the whole transaction, again.");
    // spotless:on

    /** May the same request be sent again? */
    public enum Retry {
        NO,
        YES,
        /** Yes, after the time that the error carries. */
        LATER
    }

    private static final ErrorCode[] BY_NUMBER = new ErrorCode[values().length + 1];

    static {
        for (ErrorCode code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;
    private final String sqlState;
    private final int httpStatus;
    private final String respPrefix;
    private final ErrorClass errorClass;
    private final Retry retry;
    private final String advice;

    ErrorCode(
            int number,
            String sqlState,
            int httpStatus,
            String respPrefix,
            ErrorClass errorClass,
            Retry retry,
            String advice) {
        this.number = number;
        this.sqlState = sqlState;
        this.httpStatus = httpStatus;
        this.respPrefix = respPrefix;
        this.errorClass = errorClass;
        this.retry = retry;
        this.advice = advice;
    }

    /** The stable number, 1 or more; 0 on a ring means no error. */
    public int number() {
        return number;
    }

    /** The constant of a number that {@link #number()} gave. */
    public static ErrorCode ofNumber(int number) {
        Check.that(number > 0 && number < BY_NUMBER.length, "error number is known", number);
        return BY_NUMBER[number];
    }

    public String sqlState() {
        return sqlState;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public String respPrefix() {
        return respPrefix;
    }

    public ErrorClass errorClass() {
        return errorClass;
    }

    public Retry retry() {
        return retry;
    }

    /** One sentence: what the caller should do. */
    public String advice() {
        return advice;
    }
}
