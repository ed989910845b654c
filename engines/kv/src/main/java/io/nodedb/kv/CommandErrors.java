package io.nodedb.kv;

/** Error replies that several commands give, in the words of Redis 7, which clients look for. */
final class CommandErrors {
    static final String WRONG_TYPE =
            "WRONGTYPE Operation against a key holding the wrong kind of value";
    static final String SYNTAX = "ERR syntax error";
    static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
    static final String NOT_A_FLOAT = "ERR value is not a valid float";
    static final String NOT_FINITE = "ERR increment would produce NaN or Infinity";
    static final String OVERFLOW = "ERR increment or decrement would overflow";
    static final String OFFSET = "ERR offset is out of range";
    static final String NOT_POSITIVE = "ERR value is out of range, must be positive";
    static final String NO_SUCH_KEY = "ERR no such key";
    static final String TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

    private CommandErrors() {}
}
