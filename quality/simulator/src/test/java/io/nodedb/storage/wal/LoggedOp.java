package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** What the model knows of one commit: which effects it has where, and what became of it. */
final class LoggedOp {
    enum State {
        /** Handed over; may or may not survive. */
        OPEN,
        ACKNOWLEDGED,
        /** Found by a recovery: survives from now on. */
        RECOVERED,
        /** Aborted, or not found by a recovery: never appears again. */
        GONE
    }

    static final int ENGINE = 1;
    static final int COLLECTION = 7;
    static final int SCHEMA_VERSION = 3;

    final long id;
    final boolean async;
    final int[] partitions;

    /** Number of effects in each partition. */
    final int[] effects;

    final int valueBytes;
    State state = State.OPEN;
    boolean tombstone;
    long lsn;
    final long[] logIndexes;

    LoggedOp(long id, boolean async, int[] partitions, int[] effects, int valueBytes) {
        this.id = id;
        this.async = async;
        this.partitions = partitions;
        this.effects = effects;
        this.valueBytes = valueBytes;
        this.logIndexes = new long[partitions.length];
    }

    int slotOf(int partition) {
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] == partition) {
                return i;
            }
        }
        throw new AssertionError("op " + id + " does not touch partition " + partition);
    }

    private byte[] key(int effect) {
        return (id + "/" + effect).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private byte[] value(int partition, int effect) {
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) (id * 31L + partition * 7L + effect));
        return value;
    }

    void encode(Effects into, int slot, int from, int to) {
        into.reset();
        for (int i = from; i < to; i++) {
            byte[] key = key(i);
            byte[] value = value(partitions[slot], i);
            into.put(
                    ENGINE,
                    COLLECTION,
                    SCHEMA_VERSION,
                    key,
                    0,
                    key.length,
                    value,
                    0,
                    value.length,
                    0);
        }
    }

    static long idOf(EffectReader effect) {
        String key =
                new String(
                        effect.buffer(),
                        effect.keyOffset(),
                        effect.keyLength(),
                        java.nio.charset.StandardCharsets.US_ASCII);
        return Long.parseLong(key.substring(0, key.indexOf('/')));
    }

    void verify(EffectReader effect, int partition, int number) {
        byte[] key =
                Arrays.copyOfRange(
                        effect.buffer(),
                        effect.keyOffset(),
                        effect.keyOffset() + effect.keyLength());
        byte[] value =
                Arrays.copyOfRange(
                        effect.buffer(),
                        effect.valueOffset(),
                        effect.valueOffset() + effect.valueLength());
        assertThat(key).as("key").isEqualTo(key(number));
        assertThat(value).as("value").isEqualTo(value(partition, number));
        assertThat(effect.collection()).isEqualTo(COLLECTION);
    }

    @Override
    public String toString() {
        return "op " + id + " " + state + (async ? " async" : " sync") + " lsn=" + lsn;
    }
}
