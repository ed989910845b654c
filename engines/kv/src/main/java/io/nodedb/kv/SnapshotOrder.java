package io.nodedb.kv;

import java.util.Arrays;
import java.util.Comparator;

/** Sorts the elements that a snapshot sees. */
final class SnapshotOrder {
    private SnapshotOrder() {}

    /** The live versions of an ordered structure's elements at a snapshot, in order. */
    static long[] versions(Structure structure, CommandRun run) {
        EntryStore entries = run.entries();
        HashOrder bucket = new HashOrder();
        long[] found = new long[16];
        int count = 0;
        long hash = 0;
        do {
            bucket.read(structure.table, hash);
            for (int i = 0; i < bucket.count(); i++) {
                long version = entries.visibleAt(bucket.head(i), run.readLsn());
                if (version != 0 && entries.isLive(version, run.nowMillis())) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, 2 * count);
                    }
                    found[count++] = version;
                }
            }
            hash = structure.table.index.nextBucketHash(hash);
        } while (hash != 0);
        return sorted(structure, Arrays.copyOf(found, count));
    }

    private static long[] sorted(Structure structure, long[] versions) {
        EntryStore entries = structure.table.entries;
        return Arrays.stream(versions)
                .boxed()
                .sorted(
                        Comparator.comparingLong(structure::sortOf)
                                .thenComparing(
                                        version -> key(entries, version), Arrays::compareUnsigned))
                .mapToLong(Long::longValue)
                .toArray();
    }

    private static byte[] key(EntryStore entries, long version) {
        byte[] key = new byte[entries.keyLength(version)];
        entries.copyKey(version, key, 0);
        return key;
    }
}
