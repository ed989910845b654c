package io.nodedb.storage.rows.block;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlockCursorTest {
    private record Entry(byte[] key, long lsn, int kind, byte[] value) {}

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::key, Arrays::compareUnsigned)
                    .thenComparing(Entry::lsn, Comparator.reverseOrder());

    private static List<Entry> entries(SplittableRandom random) {
        List<Entry> entries = new ArrayList<>();
        int count = 1 + random.nextInt(100);
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[random.nextInt(6)];
            for (int k = 0; k < key.length; k++) {
                key[k] = (byte) (random.nextInt(3) - 1);
            }
            byte[] value = new byte[random.nextInt(20)];
            random.nextBytes(value);
            long lsn = random.nextInt(2) == 0 ? random.nextInt(5) : random.nextLong(1L << 60);
            Entry entry = new Entry(key, lsn, 1 + random.nextInt(2), value);
            if (entries.stream().noneMatch(other -> ORDER.compare(other, entry) == 0)) {
                entries.add(entry);
            }
        }
        entries.sort(ORDER);
        return entries;
    }

    private static BlockCursor cursor(List<Entry> entries) {
        BlockBuilder builder = new BlockBuilder(64);
        for (Entry entry : entries) {
            builder.add(
                    entry.key(),
                    entry.key().length,
                    entry.lsn(),
                    entry.kind(),
                    MemorySegment.ofArray(entry.value()),
                    0,
                    entry.value().length);
        }
        int length = builder.finish();
        BlockCursor cursor = new BlockCursor();
        byte[] bytes = new byte[length + 7];
        System.arraycopy(builder.bytes(), 0, bytes, 7, length);
        cursor.reset(MemorySegment.ofArray(bytes), 7, length);
        return cursor;
    }

    private static void assertAt(BlockCursor cursor, Entry entry) {
        assertThat(Arrays.copyOf(cursor.key(), cursor.keyLength())).isEqualTo(entry.key());
        assertThat(cursor.lsn()).isEqualTo(entry.lsn());
        assertThat(cursor.kind()).isEqualTo(entry.kind());
        byte[] value = new byte[cursor.valueLength()];
        cursor.copyValue(value);
        assertThat(value).isEqualTo(entry.value());
    }

    @Test
    void itMovesBothWaysOverWhatWasAdded() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            List<Entry> entries = entries(random);
            BlockCursor cursor = cursor(entries);
            assertThat(cursor.first()).isTrue();
            for (Entry entry : entries) {
                assertAt(cursor, entry);
                boolean more = cursor.next();
                assertThat(more).isEqualTo(ORDER.compare(entry, entries.getLast()) != 0);
            }
            assertThat(cursor.last()).isTrue();
            for (Entry entry : entries.reversed()) {
                assertAt(cursor, entry);
                boolean more = cursor.previous();
                assertThat(more).isEqualTo(ORDER.compare(entry, entries.getFirst()) != 0);
            }
        }
    }

    @Test
    void aSeekFindsTheFirstVersionAtOrBehind() {
        SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < 200; round++) {
            List<Entry> entries = entries(random);
            BlockCursor cursor = cursor(entries);
            for (Entry wanted : entries(random)) {
                Entry expected =
                        entries.stream()
                                .filter(e -> ORDER.compare(e, wanted) >= 0)
                                .findFirst()
                                .orElse(null);
                boolean found = cursor.seek(wanted.key(), wanted.key().length, wanted.lsn());
                assertThat(found).isEqualTo(expected != null);
                if (expected != null) {
                    assertAt(cursor, expected);
                }
            }
        }
    }

    @Test
    void aFilterHoldsEveryKeyAndFewOthers() {
        long[] hashes = new long[10_000];
        for (int i = 0; i < hashes.length; i++) {
            byte[] key = ("key-" + i).getBytes(UTF_8);
            hashes[i] = KeyFilter.hash(key, key.length);
        }
        byte[] filter = KeyFilter.build(hashes, hashes.length, 10);
        MemorySegment memory = MemorySegment.ofArray(filter);
        for (long hash : hashes) {
            assertThat(KeyFilter.mayHold(memory, 0, filter.length, hash)).isTrue();
        }
        int passed = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] key = ("other-" + i).getBytes(UTF_8);
            if (KeyFilter.mayHold(memory, 0, filter.length, KeyFilter.hash(key, key.length))) {
                passed++;
            }
        }
        assertThat(passed).isLessThan(250);
    }
}
