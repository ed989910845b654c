package io.nodedb.storage.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EffectsTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final byte[] VALUE = "value".getBytes(UTF_8);
    private static final byte[] PRIOR = "old".getBytes(UTF_8);

    private final Effects effects = new Effects(16);
    private final EffectReader reader = new EffectReader();

    private boolean next() {
        return reader.next();
    }

    private void read() {
        reader.wrap(effects.bytes(), 0, effects.length());
    }

    private String slice(int offset, int length) {
        return new String(reader.buffer(), offset, length, UTF_8);
    }

    @Test
    void readerGivesBackWhatWasPut() {
        effects.put(3, 7, 11, KEY, 0, 3, VALUE, 1, 4, 99);
        effects.putWithPrior(3, 7, 11, KEY, 1, 2, VALUE, 0, 5, 0, PRIOR, 0, 3);
        effects.putWithPrior(3, 7, 11, KEY, 1, 2, VALUE, 0, 0, 0, null, 0, 0);
        effects.delete(4, 8, 12, EffectFormat.EXPIRED, KEY, 0, 1);
        effects.deleteWithPrior(4, 8, 12, 0, KEY, 0, 1, PRIOR, 1, 2);
        assertThat(effects.count()).isEqualTo(5);

        read();
        assertThat(next()).isTrue();
        assertThat(reader.kind()).isEqualTo(EffectFormat.PUT);
        assertThat(reader.engine()).isEqualTo(3);
        assertThat(reader.collection()).isEqualTo(7);
        assertThat(reader.schemaVersion()).isEqualTo(11);
        assertThat(slice(reader.keyOffset(), reader.keyLength())).isEqualTo("key");
        assertThat(slice(reader.valueOffset(), reader.valueLength())).isEqualTo("alue");
        assertThat(reader.expireAtMillis()).isEqualTo(99);
        assertThat(reader.hasPrior()).isFalse();

        assertThat(next()).isTrue();
        assertThat(slice(reader.keyOffset(), reader.keyLength())).isEqualTo("ey");
        assertThat(reader.hasExpiry()).isFalse();
        assertThat(reader.priorExisted()).isTrue();
        assertThat(slice(reader.priorOffset(), reader.priorLength())).isEqualTo("old");

        assertThat(next()).isTrue();
        assertThat(reader.hasPrior()).isTrue();
        assertThat(reader.priorExisted()).isFalse();
        assertThat(reader.valueLength()).isZero();

        assertThat(next()).isTrue();
        assertThat(reader.kind()).isEqualTo(EffectFormat.DELETE);
        assertThat(reader.expired()).isTrue();

        assertThat(next()).isTrue();
        assertThat(slice(reader.priorOffset(), reader.priorLength())).isEqualTo("ld");
        assertThat(next()).isFalse();
        assertThat(next()).isFalse();
    }

    @Test
    void bytesAreThoseOfTheFormat() {
        effects.putWithPrior(1, 0x0A0B0C0D, 2, KEY, 0, 3, VALUE, 0, 5, 0x1122, PRIOR, 0, 3);
        assertThat(HexFormat.of().formatHex(effects.bytes(), 0, effects.length()))
                .isEqualTo(
                        "2f000000"
                                + "01070100"
                                + "0d0c0b0a"
                                + "02000000"
                                + "03000000"
                                + "05000000"
                                + "03000000"
                                + "2211000000000000"
                                + "6b6579"
                                + "76616c7565"
                                + "6f6c64");
    }

    @Test
    void rollbackForgetsWhatCameAfterTheMark() {
        effects.put(1, 1, 1, KEY, 0, 3, VALUE, 0, 5, 0);
        long mark = effects.mark();
        effects.delete(1, 1, 1, 0, KEY, 0, 3);
        effects.rollback(mark);
        assertThat(effects.count()).isEqualTo(1);
        read();
        assertThat(next()).isTrue();
        assertThat(next()).isFalse();
        effects.reset();
        assertThat(effects.length()).isZero();
        assertThatThrownBy(() -> effects.rollback(mark)).isInstanceOf(BugException.class);
    }

    @Test
    void appendedOperationTakesItsBytesFromTheCaller() {
        effects.append(EffectFormat.PUT, 0, 1, 1, 1, 3, 5, 0, 0);
        System.arraycopy(KEY, 0, effects.bytes(), effects.keyOffset(), 3);
        System.arraycopy(VALUE, 0, effects.bytes(), effects.valueOffset(), 5);
        read();
        assertThat(next()).isTrue();
        assertThat(slice(reader.keyOffset(), 8)).isEqualTo("keyvalue");
    }

    @Test
    void everyCutAndEveryDamagedLengthIsReported() {
        effects.putWithPrior(1, 1, 1, KEY, 0, 3, VALUE, 0, 5, 5, PRIOR, 0, 3);
        byte[] good = Arrays.copyOf(effects.bytes(), effects.length());
        for (int cut = 1; cut < good.length; cut++) {
            reader.wrap(good, 0, cut);
            assertCorrupted();
        }
        int[] lengthFields = {0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27};
        for (int at : lengthFields) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << bit);
                reader.wrap(bad, 0, bad.length);
                assertCorrupted();
            }
        }
    }

    private void assertCorrupted() {
        assertThatThrownBy(this::next)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
    }
}
