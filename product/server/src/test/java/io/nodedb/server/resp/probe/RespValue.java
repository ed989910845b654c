package io.nodedb.server.resp.probe;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A reply of RESP2 or RESP3. Bytes are carried as ISO-8859-1 strings, one char a byte, so that
 * values compare by content and print readably. Immutable.
 */
public sealed interface RespValue {
    /** {@code +text}. */
    record Simple(String text) implements RespValue {
        @Override
        public String toString() {
            return "+" + text;
        }
    }

    /** {@code -text}, or a blob error. */
    record Failure(String text) implements RespValue {
        @Override
        public String toString() {
            return "-" + text;
        }
    }

    /** {@code :number}. */
    record Int(long number) implements RespValue {
        @Override
        public String toString() {
            return ":" + number;
        }
    }

    /** {@code $length}. */
    record Bulk(String bytes) implements RespValue {
        @Override
        public String toString() {
            return Words.quote(bytes);
        }
    }

    /** A null; RESP2 tells that of a string from that of an array, RESP3 has one. */
    enum Null implements RespValue {
        STRING,
        ARRAY,
        RESP3;

        @Override
        public String toString() {
            return "null(" + name() + ")";
        }
    }

    /** {@code *count}. */
    record Items(List<RespValue> items) implements RespValue {
        @Override
        public String toString() {
            return list("[", items, "]");
        }
    }

    /** {@code %count}: keys and values in turn. */
    record Pairs(List<RespValue> items) implements RespValue {
        @Override
        public String toString() {
            return list("%{", items, "}");
        }
    }

    /** {@code ~count}, in the order received. */
    record Members(List<RespValue> items) implements RespValue {
        @Override
        public String toString() {
            return list("~{", items, "}");
        }
    }

    /** {@code >count}: out of band. */
    record Push(List<RespValue> items) implements RespValue {
        @Override
        public String toString() {
            return list(">[", items, "]");
        }
    }

    /** {@code ,number}, in the text received: its spelling is part of the protocol. */
    record Real(String text) implements RespValue {
        @Override
        public String toString() {
            return "," + text;
        }
    }

    /** {@code #t} or {@code #f}. */
    record Truth(boolean value) implements RespValue {
        @Override
        public String toString() {
            return value ? "#t" : "#f";
        }
    }

    /** {@code =length}: a text with the three letters of its format. */
    record Verbatim(String format, String text) implements RespValue {
        @Override
        public String toString() {
            return "=" + format + ":" + Words.quote(text);
        }
    }

    /** {@code (digits}. */
    record BigNumber(String digits) implements RespValue {
        @Override
        public String toString() {
            return "(" + digits;
        }
    }

    /** The elements of an aggregate; none of anything else. */
    default List<RespValue> elements() {
        return switch (this) {
            case Items(List<RespValue> items) -> items;
            case Pairs(List<RespValue> items) -> items;
            case Members(List<RespValue> items) -> items;
            case Push(List<RespValue> items) -> items;
            case Simple _, Failure _, Int _, Bulk _, Null _, Real _, Truth _ -> List.of();
            case Verbatim _, BigNumber _ -> List.of();
        };
    }

    /** The text of a string, number or double, for telling elements apart; else as it prints. */
    default String asText() {
        return switch (this) {
            case Simple(String text) -> text;
            case Bulk(String bytes) -> bytes;
            case Int(long number) -> Long.toString(number);
            case Real(String text) -> text;
            case Failure _, Null _, Items _, Pairs _, Members _, Push _ -> toString();
            case Truth _, Verbatim _, BigNumber _ -> toString();
        };
    }

    private static String list(String open, List<RespValue> items, String close) {
        return items.stream()
                .map(RespValue::toString)
                .collect(Collectors.joining(" ", open, close));
    }
}
