package io.nodedb.bench.kv;

import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/**
 * H2's MVStore. It has no log: a write survives the process once a commit has written its pages,
 * and power loss once the file is synced; so that is what each put does.
 */
final class H2Store implements KeyValueStore {
    static final String SETTINGS =
            "H2 MVStore: it has no log, so each put commits (tier async) and syncs the file (tier"
                    + " sync); get hands out the stored array; cache 512 MiB, otherwise its"
                    + " defaults.";

    private static final int CACHE_MIB = 512;

    private final MVStore store;
    private final MVMap<byte[], byte[]> map;

    H2Store(Path directory) {
        store =
                new MVStore.Builder()
                        .fileName(directory.resolve("store.mv").toString())
                        .cacheSize(CACHE_MIB)
                        .open();
        map =
                store.openMap(
                        "kv",
                        new MVMap.Builder<byte[], byte[]>()
                                .keyType(ByteArrayDataType.INSTANCE)
                                .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return map.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value, Tier tier) {
        // The map keeps the arrays.
        map.put(key.clone(), value.clone());
        store.commit();
        if (tier == Tier.SYNC) {
            store.sync();
        }
    }

    @Override
    public void load(Records records, long keys) {
        for (long number = 0; number < keys; number++) {
            byte[] key = new byte[Records.KEY_BYTES];
            byte[] value = new byte[records.valueBytes()];
            records.key(number, key);
            records.value(number, 0, value);
            map.put(key, value);
        }
        store.commit();
        store.sync();
    }

    @Override
    public void close() {
        store.close();
    }
}
