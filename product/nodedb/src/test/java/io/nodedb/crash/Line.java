package io.nodedb.crash;

import io.nodedb.base.errors.ErrorCode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a child tells its parent. Written before the next step of the same actor begins.
 *
 * <pre>
 *   READY
 *   BEGIN actor kind key=value...     the step is about to be asked for; "-" deletes
 *   ACK actor                         it was acknowledged
 *   REFUSED actor code                it was certainly not done
 *   CHANGE lsn place key value prior  the feed told this; place is partition.index
 *   POSITION lsn                      everything up to here was told
 * </pre>
 */
record Line(String kind, List<String> words) {
    static final String READY = "READY";
    static final String BEGIN = "BEGIN";
    static final String ACK = "ACK";
    static final String REFUSED = "REFUSED";
    static final String CHANGE = "CHANGE";
    static final String POSITION = "POSITION";
    static final String NOTHING = "-";

    static Line parse(String text) {
        List<String> words = Arrays.asList(text.split(" "));
        return new Line(words.getFirst(), words.subList(1, words.size()));
    }

    String word(int number) {
        return words.get(number);
    }

    /** A value, or null for nothing. */
    @Nullable String value(int number) {
        return NOTHING.equals(word(number)) ? null : word(number);
    }

    static String text(@Nullable String value) {
        return value == null ? NOTHING : value;
    }

    static String refused(int actor, ErrorCode code) {
        return REFUSED + " " + actor + " " + code;
    }
}
