package io.nodedb.bridge.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.allocation.AllocationMeter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpscLongRingTest {
    @Test
    void tuplesKeepTheirFirstLongs() {
        for (int stride = 1; stride <= SpscLongRing.MAX_STRIDE; stride++) {
            SpscLongRing ring = new SpscLongRing(4, stride);
            long[] tuple = new long[SpscLongRing.MAX_STRIDE];
            assertThat(ring.poll(tuple)).isFalse();
            for (int round = 0; round < 5; round++) {
                assertThat(ring.offer(1, 2, 3, 4)).isTrue();
                assertThat(ring.offer(5, 6, 7, 8)).isTrue();
                assertThat(ring.offer(9, 10, 11, 12)).isTrue();
                for (int i = 0; i < 3; i++) {
                    tuple = new long[SpscLongRing.MAX_STRIDE];
                    assertThat(ring.poll(tuple)).isTrue();
                    for (int j = 0; j < tuple.length; j++) {
                        assertThat(tuple[j]).isEqualTo(j < stride ? i * 4 + j + 1 : 0);
                    }
                }
            }
        }
    }

    @Test
    void offerReturnsFalseWhenRingIsFull() {
        SpscLongRing ring = new SpscLongRing(2, 2);
        assertThat(ring.offer(1, 1, 0, 0)).isTrue();
        assertThat(ring.offer(2, 2, 0, 0)).isTrue();
        assertThat(ring.offer(3, 3, 0, 0)).isFalse();
        assertThat(ring.size()).isEqualTo(2);
        long[] tuple = new long[2];
        assertThat(ring.poll(tuple)).isTrue();
        assertThat(tuple).containsExactly(1, 1);
        assertThat(ring.offer(3, 3, 0, 0)).isTrue();
    }

    @Test
    void strideIsOneToFour() {
        assertThatThrownBy(() -> new SpscLongRing(4, 0)).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> new SpscLongRing(4, 5)).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> new SpscLongRing(3, 4)).isInstanceOf(BugException.class);
    }

    @Test
    void everyTupleArrivesWholeAndInOrder() throws Exception {
        long count = Stress.messages(1_000_000);
        SpscLongRing ring = new SpscLongRing(256, 4);
        Thread producer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (long i = 0; i < count; i++) {
                                while (!ring.offer(i, ~i, i * 31, -i)) {
                                    Stress.letOtherRun();
                                }
                            }
                        });
        long[] tuple = new long[4];
        long wrong = 0;
        for (long i = 0; i < count; ) {
            if (ring.poll(tuple)) {
                if (tuple[0] != i || tuple[1] != ~i || tuple[2] != i * 31 || tuple[3] != -i) {
                    wrong++;
                }
                i++;
            } else {
                Stress.letOtherRun();
            }
        }
        producer.join();
        assertThat(wrong).isZero();
    }

    @Test
    void offerAndPollAllocateNothing() {
        SpscLongRing ring = new SpscLongRing(4, 3);
        long[] tuple = new long[3];
        assertThat(
                        AllocationMeter.bytesPerOperation(() -> {
                            ring.offer(1, 2, 3, 0);
                            ring.poll(tuple);
                            ring.poll(tuple);
                        }))
                .isZero();
    }
}
