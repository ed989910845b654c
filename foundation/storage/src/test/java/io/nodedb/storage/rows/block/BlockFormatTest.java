package io.nodedb.storage.rows.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.storage.quarantine.DamagedFileException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockFormatTest {
    private static byte[] text(int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ("the same words again and again ".charAt(i % 31) + i / 400);
        }
        return text;
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSealedIsOpened(BlockCodec codec) {
        for (int length : new int[] {1, 100, 16_000, 300_000}) {
            byte[] raw = text(length);
            BlockSealer sealer = new BlockSealer();
            int stored = sealer.seal(raw, length, codec, BlockKind.DATA, 7, 4_096);
            if (codec != BlockCodec.NONE && length > 1_000) {
                assertThat(stored).isLessThan(length / 2);
            }
            byte[] opened = new byte[length];
            BlockFormat.open("f", 7, BlockKind.DATA, 4_096, sealer.block(), stored, opened, length);
            assertThat(opened).isEqualTo(raw);
        }
    }

    @Test
    void whatDoesNotGetSmallerIsStoredAsItIs() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        BlockSealer sealer = new BlockSealer();
        assertThat(sealer.seal(noise, noise.length, BlockCodec.LZ4, BlockKind.DATA, 7, 0))
                .isEqualTo(noise.length + BlockFormat.TRAILER_BYTES);
    }

    @Test
    void aBlockOfAnotherFilePlaceOrKindIsNotTaken() {
        byte[] raw = text(200);
        BlockSealer sealer = new BlockSealer();
        int stored = sealer.seal(raw, 200, BlockCodec.LZ4, BlockKind.DATA, 7, 4_096);
        byte[] block = Arrays.copyOf(sealer.block(), stored);
        byte[] target = new byte[300];
        assertThatThrownBy(() ->
                        BlockFormat.open("f", 8, BlockKind.DATA, 4_096, block, stored, target, 200))
                .isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() ->
                        BlockFormat.open("f", 7, BlockKind.DATA, 4_097, block, stored, target, 200))
                .isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() ->
                        BlockFormat.open(
                                "f", 7, BlockKind.INDEX, 4_096, block, stored, target, 200))
                .isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() ->
                        BlockFormat.open("f", 7, BlockKind.DATA, 4_096, block, stored, target, 201))
                .isInstanceOf(DamagedFileException.class);
    }
}
