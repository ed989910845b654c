package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 that is never repaired in silence: what is invalid is an error, in both directions. */
public final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** {@link ErrorCode#INVALID_CHARACTER} when a surrogate stands alone. */
    public static byte[] encode(String text) {
        requireWellFormed(text);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@link ErrorCode#INVALID_CHARACTER} when a surrogate stands alone. */
    public static void requireWellFormed(String text) {
        int i = 0;
        while (i < text.length()) {
            char unit = text.charAt(i);
            boolean paired =
                    Character.isHighSurrogate(unit)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(unit) && !paired) {
                throw new NodeDbException(
                        ErrorCode.INVALID_CHARACTER,
                        "A text holds half of a surrogate pair: position=" + i + ".");
            }
            i += paired ? 2 : 1;
        }
    }

    /** {@link ErrorCode#DATA_CORRUPTED} when the stored bytes are no UTF-8. */
    public static String decode(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        // the constructor replaces what is malformed, so only a replacement asks for a closer look
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes, from, length))
                        .toString();
            } catch (CharacterCodingException malformed) {
                throw new NodeDbException(
                        ErrorCode.DATA_CORRUPTED, "A stored text is no valid UTF-8.", malformed);
            }
        }
        return text;
    }
}
