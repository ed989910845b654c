package io.nodedb.storage.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Entries, files and folders that the tests of this package share. */
final class CheckpointFixture {
    static final String DIRECTORY = "p0003/kv";
    static final CheckpointOwner OWNER = new CheckpointOwner(0x1122334455667788L, 1, 3);

    private CheckpointFixture() {}

    /** One entry; a null value is a deletion. */
    record Entry(int collection, String key, String value, long lsn) {
        static Entry of(EffectReader effect, long lsn) {
            String key = text(effect.buffer(), effect.keyOffset(), effect.keyLength());
            String value = text(effect.buffer(), effect.valueOffset(), effect.valueLength());
            boolean deleted = effect.kind() == EffectFormat.DELETE;
            return new Entry(effect.collection(), key, deleted ? null : value, lsn);
        }

        private static String text(byte[] bytes, int offset, int length) {
            return new String(bytes, offset, length, UTF_8);
        }

        void addTo(CheckpointBlock block) {
            byte[] keyBytes = key.getBytes(UTF_8);
            if (value == null) {
                block.effects()
                        .delete(OWNER.engine(), collection, 1, 0, keyBytes, 0, keyBytes.length);
            } else {
                byte[] bytes = value.getBytes(UTF_8);
                block.effects()
                        .put(
                                OWNER.engine(),
                                collection,
                                1,
                                keyBytes,
                                0,
                                keyBytes.length,
                                bytes,
                                0,
                                bytes.length,
                                0);
            }
            block.entryAdded(lsn);
        }
    }

    /** Collects what is loaded, as an engine would: the highest LSN of a key wins. */
    static final class Loaded implements CheckpointTarget {
        final Map<String, Entry> newest = new TreeMap<>();
        int attempts;

        @Override
        public void begin() {
            attempts++;
            newest.clear();
        }

        @Override
        public void load(EffectReader effect, long lsn) {
            Entry entry = Entry.of(effect, lsn);
            newest.merge(
                    entry.collection() + "/" + entry.key(),
                    entry,
                    (old, young) -> young.lsn() > old.lsn() ? young : old);
        }

        /** Values by collection/key, deletions left out. */
        Map<String, String> values() {
            Map<String, String> values = new TreeMap<>();
            newest.forEach((key, entry) -> {
                if (entry.value() != null) {
                    values.put(key, entry.value());
                }
            });
            return values;
        }
    }

    static CheckpointFileWriter write(
            ManifestStore store, CheckpointFileKind kind, List<Entry> entries) throws IOException {
        CheckpointFileWriter writer = store.newFile(kind);
        CheckpointBlock block = new CheckpointBlock();
        for (Entry entry : entries) {
            entry.addTo(block);
            if (block.full()) {
                writer.append(block);
                block.clear();
            }
        }
        writer.append(block);
        return writer;
    }

    static CheckpointFile file(ManifestStore store, CheckpointFileKind kind, List<Entry> entries)
            throws IOException {
        return write(store, kind, entries).finish();
    }

    static List<Entry> read(Disk disk, CheckpointFile file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (CheckpointFileReader reader =
                CheckpointFileReader.open(disk, DIRECTORY, OWNER, file)) {
            while (reader.next()) {
                entries.add(Entry.of(reader.effect(), reader.lsn()));
            }
        }
        return entries;
    }

    static byte[] bytes(Disk disk, String path) throws IOException {
        try (DiskFile file = disk.openForRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return bytes.array();
        }
    }

    static void overwrite(Disk disk, String path, byte[] content) throws IOException {
        disk.delete(path);
        try (DiskFile file = disk.create(path)) {
            file.write(0, ByteBuffer.wrap(content));
        }
    }

    /** A value that compresses badly and tells whose it is. */
    static String noise(long seed, int length) {
        StringBuilder value = new StringBuilder(length);
        for (long i = 0; value.length() < length; i++) {
            value.append(Long.toString(KeyHash.of((seed + ":" + i).getBytes(UTF_8)), 36));
        }
        return value.substring(0, length);
    }
}
