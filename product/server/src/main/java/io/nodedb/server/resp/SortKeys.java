package io.nodedb.server.resp;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.Router;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that options of SORT and SORT_RO lead to.
 *
 * @param patterns of BY and GET, those with a star; each leads to a key for each element
 * @param destination the key of STORE, of no bytes when there is none
 */
@Immutable
@SuppressWarnings({"ArrayRecordComponent", "Immutable"}) // own copies, which are only read
record SortKeys(List<byte[]> patterns, byte[] destination) {
    private static final SortKeys NONE = new SortKeys(List.of(), new byte[0]);

    /** None when the options can't be understood: the engine says what is wrong. */
    static SortKeys of(Command command, Arguments arguments) {
        List<byte[]> patterns = new ArrayList<>();
        byte[] destination = NONE.destination;
        for (int i = 1; i < arguments.count(); i++) {
            int more = arguments.count() - i - 1;
            if (arguments.isWord(i, "LIMIT") && more >= 2) {
                i += 2;
            } else if ((arguments.isWord(i, "BY") || arguments.isWord(i, "GET")) && more >= 1) {
                byte[] pattern = arguments.copy(++i);
                if (star(pattern) >= 0) {
                    patterns.add(pattern);
                }
            } else if (command == Command.SORT && arguments.isWord(i, "STORE") && more >= 1) {
                destination = arguments.copy(++i);
            } else if (!arguments.isWord(i, "ASC")
                    && !arguments.isWord(i, "DESC")
                    && !arguments.isWord(i, "ALPHA")) {
                return NONE;
            }
        }
        return new SortKeys(patterns, destination);
    }

    /** May some of these keys live in another partition than the key that is sorted? */
    boolean leadElsewhere(Arguments arguments, Router router) {
        if (router.partitions() == 1) {
            return false;
        }
        return !patterns.isEmpty()
                || (destination.length > 0
                        && router.partitionOf(KeyHash.of(destination))
                                != router.partitionOf(KeyHash.of(arguments.copy(0))));
    }

    /** Where a pattern leads to: a string, or a hash's field. */
    record Target(byte[] key, byte @Nullable [] field) {}

    /** Where a pattern with a star leads to for an element. */
    static Target target(byte[] pattern, byte[] element) {
        int star = star(pattern);
        int arrow = pattern.length;
        for (int i = star + 1; i + 2 < pattern.length && arrow == pattern.length; i++) {
            if (pattern[i] == '-' && pattern[i + 1] == '>') {
                arrow = i;
            }
        }
        byte[] key = new byte[arrow - 1 + element.length];
        System.arraycopy(pattern, 0, key, 0, star);
        System.arraycopy(element, 0, key, star, element.length);
        System.arraycopy(pattern, star + 1, key, star + element.length, arrow - star - 1);
        return new Target(
                key,
                arrow < pattern.length
                        ? Arrays.copyOfRange(pattern, arrow + 2, pattern.length)
                        : null);
    }

    private static int star(byte[] pattern) {
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i] == '*') {
                return i;
            }
        }
        return -1;
    }
}
