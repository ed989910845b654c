package io.nodedb.kv;

import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of SORT: a key with an element in place of its star, and behind an arrow perhaps a
 * hash's field; or a number sign, which means the element itself.
 */
@Immutable
@SuppressWarnings("Immutable") // the arrays are this object's own and only read
final class SortPattern {
    private final byte[] text;
    private final int star;

    /** Where the arrow begins, the text's length when there is none. */
    private final int arrow;

    SortPattern(byte[] text) {
        this.text = text;
        star = indexOf(text, '*', 0);
        int end = text.length;
        for (int i = star + 1; star >= 0 && i + 2 < text.length && end == text.length; i++) {
            if (text[i] == '-' && text[i + 1] == '>') {
                end = i;
            }
        }
        arrow = end;
    }

    /** Does it depend on the element? */
    boolean hasStar() {
        return star >= 0;
    }

    /** What it leads to for an element; null when there is nothing. */
    byte @Nullable [] resolve(CommandRun run, ElementSource source, byte[] element) {
        if (text.length == 1 && text[0] == '#') {
            return element;
        }
        if (star < 0) {
            return null;
        }
        byte[] key = new byte[arrow - 1 + element.length];
        System.arraycopy(text, 0, key, 0, star);
        System.arraycopy(element, 0, key, star, element.length);
        System.arraycopy(text, star + 1, key, star + element.length, arrow - star - 1);
        long version = run.find(key, 0, key.length);
        if (version == 0) {
            return null;
        }
        if (arrow < text.length) {
            return source.field(run, version, Arrays.copyOfRange(text, arrow + 2, text.length));
        }
        if (run.isOther(ValueType.STRING, version)) {
            return null;
        }
        byte[] value = new byte[run.entries().valueLength(version)];
        run.entries().copyValue(version, value, 0);
        return value;
    }

    private static int indexOf(byte[] text, char letter, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == letter) {
                return i;
            }
        }
        return -1;
    }
}
