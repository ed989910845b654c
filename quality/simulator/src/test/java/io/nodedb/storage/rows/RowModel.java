package io.nodedb.storage.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a row store should say: every version ever written, in plain collections. */
final class RowModel {
    /** One write of a batch; a range when {@code to} is not null, a deletion without a value. */
    record Write(int keyspace, byte[] key, byte[] value, byte[] to) {
        boolean isRange() {
            return to != null;
        }
    }

    /** Writes that commit together; {@code lsn} is 0 while they are pending. */
    static final class Batch {
        final long sequence;
        final List<Write> writes = new ArrayList<>();
        final List<Long> handles = new ArrayList<>();

        /** What each write does to the number of rows. */
        final List<Integer> rowsAdded = new ArrayList<>();

        long lsn;

        /** It went past the log, so no replay brings it. */
        boolean isBulk;

        Batch(long sequence) {
            this.sequence = sequence;
        }

        long age() {
            return lsn > 0 ? lsn : (1L << 62) + sequence;
        }

        long stamp() {
            return lsn > 0 ? lsn : -sequence;
        }
    }

    record Version(byte[] value, Batch batch) {}

    record Row(byte[] key, byte[] value, long stamp) {}

    private static final Comparator<byte[]> UNSIGNED = Arrays::compareUnsigned;

    /** In order of commit, pending ones last. */
    final List<Batch> batches = new ArrayList<>();

    private final Map<Integer, TreeMap<byte[], List<Version>>> rows = new TreeMap<>();
    private final List<Map.Entry<Write, Batch>> ranges = new ArrayList<>();

    /** Keyspaces of which a range was ever deleted: their rows are not counted. */
    final Set<Integer> uncounted = new TreeSet<>();

    /** Tells each write of a batch what it does to the number of rows. */
    void countRows(Batch batch) {
        Map<String, Boolean> changed = new TreeMap<>();
        for (Write write : batch.writes) {
            if (write.isRange()) {
                uncounted.add(write.keyspace());
            }
        }
        for (Write write : batch.writes) {
            String name = write.keyspace() + Arrays.toString(write.key());
            boolean before =
                    changed.getOrDefault(name, read(write.keyspace(), write.key(), 0) != null);
            boolean after = write.value() != null;
            changed.put(name, after);
            boolean counts = !uncounted.contains(write.keyspace());
            batch.rowsAdded.add(counts ? (after ? 1 : 0) - (before ? 1 : 0) : 0);
        }
    }

    void apply(Batch batch) {
        batches.add(batch);
        for (Write write : batch.writes) {
            if (write.isRange()) {
                ranges.add(Map.entry(write, batch));
            } else {
                List<Version> versions =
                        rows.computeIfAbsent(write.keyspace(), k -> new TreeMap<>(UNSIGNED))
                                .computeIfAbsent(write.key(), k -> new ArrayList<>());
                versions.add(placeOf(batch, versions), new Version(write.value(), batch));
            }
        }
    }

    /** A batch that is committed before those that are pending; it writes none of their keys. */
    void applyCommitted(Batch batch, int pending) {
        apply(batch);
        batches.removeLast();
        batches.add(batches.size() - pending, batch);
    }

    /** Newest first; only a bulk load arrives late, below what was pending meanwhile. */
    private static int placeOf(Batch batch, List<Version> versions) {
        int place = 0;
        while (place < versions.size() && versions.get(place).batch().age() > batch.age()) {
            place++;
        }
        return place;
    }

    void undo(Batch batch) {
        batches.remove(batch);
        ranges.removeIf(range -> range.getValue() == batch);
        rows.values()
                .forEach(keys ->
                        keys.values()
                                .forEach(versions -> versions.removeIf(v -> v.batch() == batch)));
    }

    /** Only what was committed up to an LSN is left. */
    void forgetBeyond(long lsn) {
        List<Batch> lost =
                batches.stream().filter(batch -> batch.lsn == 0 || batch.lsn > lsn).toList();
        lost.forEach(this::undo);
    }

    void drop(int keyspace) {
        rows.remove(keyspace);
        ranges.removeIf(range -> range.getKey().keyspace() == keyspace);
    }

    /** The visible row, or null. */
    Row read(int keyspace, byte[] key, long readLsn) {
        TreeMap<byte[], List<Version>> keys = rows.get(keyspace);
        List<Version> versions = keys == null ? null : keys.get(key);
        return versions == null ? null : visible(keyspace, key, versions, readLsn);
    }

    private Row visible(int keyspace, byte[] key, List<Version> versions, long readLsn) {
        long bound = readLsn == 0 ? Long.MAX_VALUE : readLsn;
        for (Version version : versions) {
            if (version.batch().age() <= bound) {
                return version.value() == null
                                || version.batch().age() < rangeAge(keyspace, key, bound)
                        ? null
                        : new Row(key, version.value(), version.batch().stamp());
            }
        }
        return null;
    }

    private long rangeAge(int keyspace, byte[] key, long bound) {
        long newest = 0;
        for (Map.Entry<Write, Batch> range : ranges) {
            Write write = range.getKey();
            if (write.keyspace() == keyspace
                    && range.getValue().age() <= bound
                    && UNSIGNED.compare(key, write.key()) >= 0
                    && UNSIGNED.compare(key, write.to()) < 0) {
                newest = Math.max(newest, range.getValue().age());
            }
        }
        return newest;
    }

    /** All visible rows of a keyspace, in order. */
    List<Row> scan(int keyspace, long readLsn) {
        List<Row> visible = new ArrayList<>();
        rows.getOrDefault(keyspace, new TreeMap<>(UNSIGNED))
                .forEach((key, versions) -> {
                    Row row = visible(keyspace, key, versions, readLsn);
                    if (row != null) {
                        visible.add(row);
                    }
                });
        return visible;
    }
}
