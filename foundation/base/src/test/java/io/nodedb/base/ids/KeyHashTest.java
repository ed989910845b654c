package io.nodedb.base.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
    /** The buffer of xxHash's own self test (xxhsum, {@code XSUM_sanityCheck}). */
    private static byte[] sanityBuffer(int length) {
        byte[] buffer = new byte[length];
        long generator = 2654435761L;
        for (int i = 0; i < length; i++) {
            buffer[i] = (byte) (generator >>> 56);
            generator *= 0x9E3779B185EBCA8DL;
        }
        return buffer;
    }

    @ParameterizedTest
    @CsvSource({
        "0, EF46DB3751D8E999",
        "1, E934A84ADB052768",
        "4, 9136A0DCA57457EE",
        "14, 8282DCC4994E35C8",
        "222, B641AE8CB691C174"
    })
    void hashEqualsTheReferenceSelfTest(int length, String expected) {
        assertThat(KeyHash.of(sanityBuffer(length)))
                .isEqualTo(Long.parseUnsignedLong(expected, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "a, D24EC4F1A98C6E5B",
        "abc, 44BC2CF5AD770999",
        "xxhash, 32DD38952C4BC720",
        "Nobody inspects the spammish repetition, FBCEA83C8A378BF1"
    })
    void hashEqualsPublishedVectors(String text, String expected) {
        assertThat(KeyHash.of(text.getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Long.parseUnsignedLong(expected, 16));
    }

    @Test
    void hashDependsOnlyOnTheBytesOfTheRange() {
        Random random = new Random(7);
        for (int length = 0; length < 200; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            byte[] framed = new byte[length + 13];
            random.nextBytes(framed);
            System.arraycopy(key, 0, framed, 5, length);
            assertThat(KeyHash.of(framed, 5, length)).isEqualTo(KeyHash.of(key));
        }
    }

    @Test
    void slotsUseTheLowTenBits() {
        assertThat(Slots.ofHash(0xFFFF_FFFF_FFFF_FC00L)).isZero();
        assertThat(Slots.ofHash(0x0000_0000_0000_03FFL)).isEqualTo(1023);
    }

    @Test
    void everySlotHasAPartition() {
        for (int partitions : new int[] {1, 2, 5, 1024}) {
            for (int slot = 0; slot < Slots.COUNT; slot++) {
                assertThat(Slots.defaultPartition(slot, partitions)).isBetween(0, partitions - 1);
            }
        }
    }
}
