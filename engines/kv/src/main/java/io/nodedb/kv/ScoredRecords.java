package io.nodedb.kv;

import io.nodedb.storage.bytes.LittleEndian;
import java.util.Arrays;

/** Puts records of a sorted set in the order of their scores, then members. */
final class ScoredRecords {
    /** So many are sorted by insertion: nearly all are in order already, as the value had them. */
    private static final int INSERTED = 2 * PackedElements.MAX_ELEMENTS;

    private ScoredRecords() {}

    /** Numbers of the records that are not removed, in order. */
    static int[] sorted(ElementRecords records) {
        int[] order = new int[records.count()];
        int count = 0;
        for (int record = 0; record < records.count(); record++) {
            if (records.state[record] != ElementRecords.REMOVED) {
                order[count++] = record;
            }
        }
        int[] kept = Arrays.copyOf(order, count);
        if (count > INSERTED) {
            return Arrays.stream(kept)
                    .boxed()
                    .sorted((one, other) -> compare(records, one, other))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        for (int i = 1; i < count; i++) {
            int record = kept[i];
            int at = i;
            while (at > 0 && compare(records, kept[at - 1], record) > 0) {
                kept[at] = kept[at - 1];
                at--;
            }
            kept[at] = record;
        }
        return kept;
    }

    static double score(ElementRecords records, int record) {
        return Double.longBitsToDouble(
                LittleEndian.getLong(records.values[record], records.valueFrom[record]));
    }

    /** Compares a record's member with bytes. */
    static int compareMember(
            ElementRecords records, int record, byte[] member, int from, int length) {
        int at = records.keyFrom[record];
        return Arrays.compareUnsigned(
                records.keys[record],
                at,
                at + records.keyLength[record],
                member,
                from,
                from + length);
    }

    private static int compare(ElementRecords records, int one, int other) {
        int order =
                Long.compare(
                        ScoreOrder.sortOf(score(records, one)),
                        ScoreOrder.sortOf(score(records, other)));
        return order != 0
                ? order
                : compareMember(
                        records,
                        one,
                        records.keys[other],
                        records.keyFrom[other],
                        records.keyLength[other]);
    }
}
