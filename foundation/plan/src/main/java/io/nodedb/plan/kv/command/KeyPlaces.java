package io.nodedb.plan.kv.command;

import io.nodedb.base.ownership.Immutable;

/**
 * Which of a command's arguments are keys. Places count as Redis counts them: 0 is the command's
 * name, so argument {@code i} of an {@link Arguments} has the place {@code i + 1}.
 *
 * @param first place of the first key
 * @param last place of the last key; negative counts from the end, -1 is the last argument
 * @param step distance between keys
 * @param counted the keys follow their number: with {@code first} 2, argument 1 is the number; the
 *     destination, when there is one, is place 1 and the number place 2
 */
@Immutable
public record KeyPlaces(int first, int last, int step, boolean counted, boolean destination) {
    /** No argument is a key. */
    public static final KeyPlaces NONE = new KeyPlaces(0, -1, 1, false, false);

    /** A number, then so many keys. */
    public static final KeyPlaces COUNTED = new KeyPlaces(2, 0, 1, true, false);

    /** A destination, a number, then so many keys. */
    public static final KeyPlaces DESTINATION_THEN_COUNTED = new KeyPlaces(1, 1, 1, true, true);

    static KeyPlaces of(int first, int last, int step) {
        return new KeyPlaces(first, last, step, false, false);
    }

    /** True when there is exactly one key, and it is the first argument. */
    public boolean isFirstArgument() {
        return first == 1 && last == 1 && !counted;
    }
}
