package io.nodedb.plan.kv.command;

import io.nodedb.base.ownership.Immutable;

/**
 * Which of a command's arguments are keys. Places count as Redis counts them: 0 is the command's
 * name, so argument {@code i} of an {@link Arguments} has the place {@code i + 1}.
 *
 * @param first place of the first key
 * @param last place of the last key; negative counts from the end, -1 is the last argument
 * @param step distance between keys
 * @param counted the keys follow their number, which is the place before {@code first}; the
 *     destination, when there is one, is place 1 and the number place 2
 */
@Immutable
public record KeyPlaces(int first, int last, int step, boolean counted, boolean destination) {
    /** No command has more keys than so many digits tell. */
    private static final int MAX_DIGITS = 9;

    /** No argument is a key. */
    public static final KeyPlaces NONE = new KeyPlaces(0, 0, 1, false, false);

    /** A number, then so many keys. */
    public static final KeyPlaces COUNTED = new KeyPlaces(2, 0, 1, true, false);

    /** Something else, a number, then so many keys. */
    public static final KeyPlaces COUNTED_AFTER_ONE = new KeyPlaces(3, 0, 1, true, false);

    /** A destination, a number, then so many keys. */
    public static final KeyPlaces DESTINATION_THEN_COUNTED = new KeyPlaces(1, 1, 1, true, true);

    static KeyPlaces of(int first, int last, int step) {
        return new KeyPlaces(first, last, step, false, false);
    }

    /** True when there is exactly one key, and it is the first argument. */
    public boolean isFirstArgument() {
        return first == 1 && last == 1 && !counted;
    }

    /** How many keys these arguments name; those that a wrong number promises are not counted. */
    public int keys(Arguments arguments) {
        if (first == 0) {
            return 0;
        }
        if (counted) {
            int number = number();
            return (destination ? 1 : 0)
                    + Math.min(
                            numberAt(arguments, number),
                            Math.max(0, arguments.count() - number - 1));
        }
        int end = last < 0 ? arguments.count() + last : last - 1;
        return end < first - 1 ? 0 : (end - (first - 1)) / step + 1;
    }

    /** Which argument, counted from 0, is the number of keys, when they are {@link #counted}. */
    public int number() {
        return destination ? 1 : first - 2;
    }

    /** Which argument the {@code i}-th key is, counted from 0. */
    public int argument(int i) {
        if (counted) {
            return destination ? (i == 0 ? 0 : i + 1) : first - 1 + i;
        }
        return first - 1 + i * step;
    }

    /** What an argument says in decimal digits; 0 when it says something else or too much. */
    private static int numberAt(Arguments arguments, int index) {
        if (index >= arguments.count() || arguments.length(index) > MAX_DIGITS) {
            return 0;
        }
        int number = 0;
        int from = arguments.offset(index);
        for (int i = 0; i < arguments.length(index); i++) {
            int digit = arguments.bytes()[from + i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
