package io.nodedb.server.resp.probe;

import java.util.List;
import java.util.stream.Collectors;

/** A command as its words, each an ISO-8859-1 string of one char a byte. Immutable. */
public record Words(List<String> words) {
    /** What is printed of a long word. */
    private static final int SHOWN = 80;

    private static final int SHOWN_BEGIN = 50;
    private static final int SHOWN_END = 20;

    public Words {
        words = List.copyOf(words);
    }

    public static Words of(String... words) {
        return new Words(List.of(words));
    }

    /** As a client would type it. */
    @Override
    public String toString() {
        return words.stream().map(Words::quote).collect(Collectors.joining(" "));
    }

    /** The bytes in quotes, with escapes for what can't be read; very long ones by their ends. */
    static String quote(String bytes) {
        if (bytes.length() <= SHOWN) {
            return '"' + escape(bytes) + '"';
        }
        return '"'
                + escape(bytes.substring(0, SHOWN_BEGIN))
                + "…"
                + escape(bytes.substring(bytes.length() - SHOWN_END))
                + "\"("
                + bytes.length()
                + ")";
    }

    private static String escape(String bytes) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\x%02x", (int) c));
            }
        }
        return escaped.toString();
    }
}
