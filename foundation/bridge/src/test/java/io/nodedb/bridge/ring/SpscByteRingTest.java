package io.nodedb.bridge.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.allocation.AllocationMeter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpscByteRingTest {
    private static boolean offer(SpscByteRing ring, byte[] record) {
        int at = ring.claim(record.length);
        if (at == SpscByteRing.NONE) {
            return false;
        }
        System.arraycopy(record, 0, ring.buffer(), at, record.length);
        ring.publish();
        return true;
    }

    private static byte[] take(SpscByteRing ring) {
        int at = ring.peek();
        assertThat(at).isNotEqualTo(SpscByteRing.NONE);
        byte[] record = Arrays.copyOfRange(ring.buffer(), at, at + ring.peekedLength());
        ring.release();
        return record;
    }

    @Test
    void recordsBeginAtMultiplesOfEight() {
        SpscByteRing ring = new SpscByteRing(256);
        for (int length = 0; length < 20; length++) {
            assertThat(ring.claim(length) % 8).isZero();
            ring.publish();
            assertThat(ring.peek() % 8).isZero();
            assertThat(ring.peekedLength()).isEqualTo(length);
            ring.release();
        }
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void claimIsInvisibleUntilPublished() {
        SpscByteRing ring = new SpscByteRing(64);
        int at = ring.claim(3);
        ring.buffer()[at] = 7;
        assertThat(ring.peek()).isEqualTo(SpscByteRing.NONE);
        assertThat(ring.producerPosition()).isZero();
        ring.publish();
        assertThat(ring.producerPosition()).isEqualTo(16);
        assertThat(ring.buffer()[ring.peek()]).isEqualTo((byte) 7);
        assertThat(ring.peekedLength()).isEqualTo(3);
    }

    @Test
    void abandonedClaimLeavesNothing() {
        SpscByteRing ring = new SpscByteRing(64);
        ring.claim(16);
        ring.abandon();
        assertThatThrownBy(ring::publish).isInstanceOf(BugException.class);
        assertThat(offer(ring, new byte[] {1})).isTrue();
        assertThat(take(ring)).containsExactly(1);
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void claimReplacesAnUnpublishedClaim() {
        SpscByteRing ring = new SpscByteRing(64);
        ring.claim(16);
        int at = ring.claim(1);
        ring.buffer()[at] = 9;
        ring.publish();
        assertThat(take(ring)).containsExactly(9);
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void recordStaysUntilReleased() {
        SpscByteRing ring = new SpscByteRing(64);
        assertThatThrownBy(ring::release).isInstanceOf(BugException.class);
        offer(ring, new byte[] {1, 2});
        assertThat(ring.peek()).isEqualTo(ring.peek());
        assertThat(ring.consumerPosition()).isZero();
        ring.release();
        assertThat(ring.consumerPosition()).isEqualTo(ring.producerPosition());
        assertThatThrownBy(ring::release).isInstanceOf(BugException.class);
        assertThat(ring.peek()).isEqualTo(SpscByteRing.NONE);
    }

    @Test
    void recordIsNeverSplitAtTheEnd() {
        SpscByteRing ring = new SpscByteRing(64);
        for (int i = 0; i < 3; i++) {
            offer(ring, new byte[8]);
            take(ring);
        }
        assertThat(ring.producerPosition()).isEqualTo(48);
        offer(ring, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        assertThat(ring.producerPosition()).isEqualTo(64 + 24);
        assertThat(ring.peek()).isEqualTo(8);
        assertThat(ring.consumerPosition()).isEqualTo(48);
        assertThat(take(ring)).hasSize(16).startsWith(1).endsWith(16);
        assertThat(ring.consumerPosition()).isEqualTo(64 + 24);
    }

    @Test
    void largestRecordFitsAnEmptyRingWhereverItStands() {
        SpscByteRing ring = new SpscByteRing(64);
        byte[] largest = new byte[ring.maxRecord()];
        for (int i = 0; i < 100; i++) {
            assertThat(offer(ring, largest)).isTrue();
            assertThat(take(ring)).hasSameSizeAs(largest);
            offer(ring, new byte[i % 9]);
            take(ring);
        }
        assertThatThrownBy(() -> ring.claim(ring.maxRecord() + 1)).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> ring.claim(-1)).isInstanceOf(BugException.class);
    }

    @Test
    void claimReturnsNoneWhenItDoesNotFitNow() {
        SpscByteRing ring = new SpscByteRing(64);
        for (int i = 0; i < 3; i++) {
            assertThat(ring.fillPercent()).isEqualTo(i * 25);
            assertThat(offer(ring, new byte[8])).isTrue();
        }
        assertThat(ring.claim(1)).isEqualTo(SpscByteRing.NONE);
        assertThat(offer(ring, new byte[0])).isTrue();
        assertThat(ring.claim(0)).as("one header's room stays free").isEqualTo(SpscByteRing.NONE);
        take(ring);
        assertThat(ring.claim(1)).as("the padding before it counts").isEqualTo(SpscByteRing.NONE);
        assertThat(offer(ring, new byte[0])).isTrue();
        assertThat(ring.claim(1)).isEqualTo(SpscByteRing.NONE);
        take(ring);
        assertThat(offer(ring, new byte[8])).isTrue();
    }

    /** What lies in the ring from earlier laps is never taken for a record. */
    @Test
    void bytesThatLookLikeHeadersAreNotRecords() {
        SpscByteRing ring = new SpscByteRing(64);
        byte[] likeHeaders = new byte[16];
        java.util.Arrays.fill(likeHeaders, (byte) 1);
        for (int i = 0; i < 100; i++) {
            assertThat(offer(ring, likeHeaders)).isTrue();
            assertThat(take(ring)).isEqualTo(likeHeaders);
            assertThat(ring.peek()).isEqualTo(SpscByteRing.NONE);
            assertThat(offer(ring, new byte[i % 3 * 8])).isTrue();
            take(ring);
            assertThat(ring.peek()).isEqualTo(SpscByteRing.NONE);
        }
    }

    @Test
    void capacityIsAPowerOfTwoOfAtLeast64() {
        for (int bad : new int[] {0, 32, 100, SpscByteRing.MAX_CAPACITY * 2}) {
            assertThatThrownBy(() -> new SpscByteRing(bad)).isInstanceOf(BugException.class);
        }
    }

    @Test
    void behavesAsAQueueOfRecords() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int capacity = 64; capacity <= 4096; capacity *= 4) {
            SpscByteRing ring = new SpscByteRing(capacity);
            ArrayDeque<byte[]> model = new ArrayDeque<>();
            for (int i = 0; i < 10_000; i++) {
                if (random.nextInt(3) > 0) {
                    byte[] record = new byte[random.nextInt(ring.maxRecord() + 1)];
                    random.nextBytes(record);
                    if (random.nextInt(8) == 0 && ring.claim(record.length) >= 0) {
                        ring.abandon();
                    }
                    boolean fits = offer(ring, record);
                    assertThat(fits || !model.isEmpty()).as(Seeds.replay(seed)).isTrue();
                    if (fits) {
                        model.add(record);
                    }
                } else if (model.isEmpty()) {
                    assertThat(ring.peek()).as(Seeds.replay(seed)).isEqualTo(SpscByteRing.NONE);
                } else {
                    assertThat(take(ring)).as(Seeds.replay(seed)).isEqualTo(model.poll());
                }
                if (model.isEmpty()) {
                    assertThat(ring.consumerPosition())
                            .as(Seeds.replay(seed))
                            .isEqualTo(ring.producerPosition());
                }
            }
        }
    }

    @Test
    void everyRecordArrivesWholeAndInOrder() throws Exception {
        long count = Stress.messages(500_000);
        SpscByteRing ring = new SpscByteRing(4096);
        Thread producer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (long i = 0; i < count; i++) {
                                int length = length(i, ring.maxRecord());
                                int at = ring.claim(length);
                                while (at == SpscByteRing.NONE) {
                                    Stress.letOtherRun();
                                    at = ring.claim(length);
                                }
                                Arrays.fill(ring.buffer(), at, at + length, (byte) i);
                                ring.publish();
                            }
                        });
        long wrong = 0;
        for (long i = 0; i < count; ) {
            int at = ring.peek();
            if (at == SpscByteRing.NONE) {
                Stress.letOtherRun();
                continue;
            }
            if (ring.peekedLength() != length(i, ring.maxRecord())) {
                wrong++;
            }
            for (int j = 0; j < ring.peekedLength(); j++) {
                if (ring.buffer()[at + j] != (byte) i) {
                    wrong++;
                }
            }
            ring.release();
            i++;
        }
        producer.join();
        assertThat(wrong).isZero();
    }

    private static int length(long i, int most) {
        return Math.floorMod(i * 2_654_435_761L, 97) + (i % 1000 == 0 ? most - 97 : 97);
    }

    @Test
    void recordsAllocateNothing() {
        SpscByteRing ring = new SpscByteRing(1024);
        assertThat(
                        AllocationMeter.bytesPerOperation(() -> {
                            ring.claim(100);
                            ring.publish();
                            ring.peek();
                            ring.release();
                        }))
                .isZero();
    }
}
