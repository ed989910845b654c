package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of a sorted set in order, with their ranks: of a packed value by its records, of a
 * structure by its {@link OrderedView}. Shows a structure as it was before the changes of the
 * command.
 */
@CoreOwned
final class SortedView {
    private final Elements elements;
    private int[] sorted = {};
    private @Nullable OrderedView ordered;
    private @Nullable Structure structure;

    SortedView(Elements elements) {
        this.elements = elements;
    }

    /** Looks at what {@link Elements} has opened. */
    void open(CommandRun run) {
        Structure present = elements.structure();
        structure = present;
        ordered = present == null ? null : OrderedView.of(present, run);
        sorted = present == null ? ScoredRecords.sorted(elements.records()) : new int[0];
    }

    long size() {
        OrderedView view = ordered;
        return view == null ? sorted.length : view.size();
    }

    /** The member of a rank becomes the present element of {@link Elements}. */
    void present(long rank) {
        OrderedView view = ordered;
        if (view == null) {
            elements.presentRecord(sorted[(int) rank]);
        } else {
            elements.presentVersion(view.version(rank));
        }
    }

    /** The rank of the present element of {@link Elements}. */
    long rankOfPresent() {
        OrderedView view = ordered;
        Structure present = structure;
        if (view == null || present == null) {
            for (int i = 0; i < sorted.length; i++) {
                if (sorted[i] == elements.presentRecord()) {
                    return i;
                }
            }
            return -1;
        }
        return view.rankOf(present, elements.presentVersion());
    }

    /** How many members have a lower sort key, see {@link ScoreOrder}. */
    long countBelow(long sort) {
        OrderedView view = ordered;
        Structure present = structure;
        if (view != null && present != null) {
            return view.countBefore(present, (each, entry) -> each < sort);
        }
        int count = 0;
        ElementRecords records = elements.records();
        while (count < sorted.length
                && ScoreOrder.sortOf(ScoredRecords.score(records, sorted[count])) < sort) {
            count++;
        }
        return count;
    }

    /** How many members come before another in the order of bytes; all scores are the same. */
    long countBelow(byte[] member, int from, int length, boolean orEqual) {
        OrderedView view = ordered;
        Structure present = structure;
        int limit = orEqual ? 1 : 0;
        if (view != null && present != null) {
            EntryStore entries = present.table.entries;
            return view.countBefore(
                    present,
                    (each, entry) ->
                            entries.compareKey(entry, ValueForm.ID_BYTES, member, from, length)
                                    < limit);
        }
        int count = 0;
        while (count < sorted.length
                && Integer.signum(
                                ScoredRecords.compareMember(
                                        elements.records(), sorted[count], member, from, length))
                        < limit) {
            count++;
        }
        return count;
    }

    @Override
    public String toString() {
        return "size=" + size() + " records=" + Arrays.toString(sorted);
    }
}
