package io.nodedb.bench.rows;

import java.nio.file.Path;
import java.util.Arrays;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore, a copy-on-write B-tree. */
final class MvSortedStore implements SortedStore {
    static final String SETTINGS =
            "H2 MVStore: compressed pages, commits on its own in the background, hands out the"
                    + " stored arrays; sorted rows in order, then commit and sync.";

    private final MVStore store;
    private final MVMap<byte[], byte[]> map;

    MvSortedStore(Path directory, long cacheBytes) {
        store =
                new MVStore.Builder()
                        .fileName(directory.resolve("store.mv").toString())
                        .cacheSize((int) Math.max(1, cacheBytes >> 20))
                        .compress()
                        .open();
        map =
                store.openMap(
                        "rows",
                        new MVMap.Builder<byte[], byte[]>()
                                .keyType(ByteArrayDataType.INSTANCE)
                                .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void loadSorted(DocumentRows rows, long count) {
        byte[] value = new byte[ROOM];
        for (long number = 0; number < count; number++) {
            byte[] key = new byte[DocumentRows.KEY_BYTES];
            rows.key(number, key);
            map.append(key, Arrays.copyOf(value, rows.value(number, 0, value)));
        }
        settle();
    }

    @Override
    public void put(byte[] key, byte[] value, int valueLength) {
        // The map keeps the arrays.
        map.put(key.clone(), Arrays.copyOf(value, valueLength));
    }

    @Override
    public void settle() {
        store.commit();
        store.sync();
    }

    @Override
    public int get(byte[] key, byte[] target) {
        byte[] value = map.get(key);
        if (value == null) {
            return -1;
        }
        System.arraycopy(value, 0, target, 0, value.length);
        return value.length;
    }

    @Override
    public void walk(Way way, RowVisitor visitor) {
        Cursor<byte[], byte[]> rows =
                way == Way.FORWARD ? map.cursor(null) : map.cursor(map.lastKey(), null, true);
        while (rows.hasNext()) {
            byte[] key = rows.next();
            byte[] value = rows.getValue();
            visitor.row(key, value, value.length);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
