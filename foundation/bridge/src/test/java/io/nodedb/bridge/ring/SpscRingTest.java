package io.nodedb.bridge.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.allocation.AllocationMeter;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpscRingTest {
    @Test
    void givesBackInOrder() {
        SpscRing<Integer> ring = new SpscRing<>(4);
        assertThat(ring.poll()).isNull();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 3; i++) {
                assertThat(ring.offer(round * 3 + i)).isTrue();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(ring.poll()).isEqualTo(round * 3 + i);
            }
            assertThat(ring.poll()).isNull();
        }
    }

    @Test
    void offerReturnsFalseWhenRingIsFull() {
        SpscRing<String> ring = new SpscRing<>(2);
        assertThat(ring.offer("a")).isTrue();
        assertThat(ring.offer("b")).isTrue();
        assertThat(ring.offer("c")).isFalse();
        assertThat(ring.size()).isEqualTo(2);
        assertThat(ring.poll()).isEqualTo("a");
        assertThat(ring.offer("c")).isTrue();
        assertThat(ring.poll()).isEqualTo("b");
        assertThat(ring.poll()).isEqualTo("c");
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void ringOfOneWorks() {
        SpscRing<String> ring = new SpscRing<>(1);
        assertThat(ring.offer("a")).isTrue();
        assertThat(ring.offer("b")).isFalse();
        assertThat(ring.poll()).isEqualTo("a");
        assertThat(ring.poll()).isNull();
        assertThat(ring.offer("b")).isTrue();
    }

    @Test
    void capacityIsAPowerOfTwo() {
        for (int bad : new int[] {0, -1, 3, 6, SpscRing.MAX_CAPACITY * 2}) {
            assertThatThrownBy(() -> new SpscRing<String>(bad)).isInstanceOf(BugException.class);
        }
        assertThat(new SpscRing<String>(8).capacity()).isEqualTo(8);
    }

    @Test
    void takenObjectsAreForgotten() {
        SpscRing<Object> ring = new SpscRing<>(2);
        WeakReference<Object> reference = offerAndTake(ring);
        System.gc();
        assertThat(reference.get()).isNull();
        assertThat(ring.isEmpty()).isTrue();
    }

    private static WeakReference<Object> offerAndTake(SpscRing<Object> ring) {
        Object element = new Object();
        ring.offer(element);
        return new WeakReference<>(ring.poll());
    }

    @Test
    void behavesAsABoundedQueue() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        for (int capacity = 1; capacity <= 64; capacity *= 2) {
            SpscRing<Integer> ring = new SpscRing<>(capacity);
            ArrayDeque<Integer> model = new ArrayDeque<>();
            for (int i = 0; i < 10_000; i++) {
                if (random.nextBoolean()) {
                    boolean expected = model.size() < capacity;
                    if (expected) {
                        model.add(i);
                    }
                    assertThat(ring.offer(i)).as(Seeds.replay(seed)).isEqualTo(expected);
                } else {
                    assertThat(ring.poll()).as(Seeds.replay(seed)).isEqualTo(model.poll());
                }
                assertThat(ring.size()).as(Seeds.replay(seed)).isEqualTo(model.size());
            }
        }
    }

    private static final class Message {
        private long a;
        private long b;
    }

    @Test
    void everyMessageArrivesWholeAndInOrder() throws Exception {
        for (int capacity : new int[] {1, 2, 1024}) {
            long count = Stress.messages(capacity == 1 ? 20_000 : 1_000_000);
            SpscRing<Message> ring = new SpscRing<>(capacity);
            Thread producer =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (long i = 0; i < count; i++) {
                                    Message message = new Message();
                                    message.a = i;
                                    message.b = ~i;
                                    while (!ring.offer(message)) {
                                        Stress.letOtherRun();
                                    }
                                }
                            });
            long wrong = 0;
            for (long i = 0; i < count; ) {
                Message message = ring.poll();
                if (message == null) {
                    Stress.letOtherRun();
                } else {
                    if (message.a != i || message.b != ~i) {
                        wrong++;
                    }
                    i++;
                }
            }
            producer.join();
            assertThat(wrong).isZero();
            assertThat(ring.isEmpty()).isTrue();
        }
    }

    @Test
    void offerAndPollAllocateNothing() {
        SpscRing<String> ring = new SpscRing<>(4);
        assertThat(
                        AllocationMeter.bytesPerOperation(() -> {
                            ring.offer("a");
                            ring.offer("b");
                            ring.poll();
                            ring.poll();
                            ring.poll();
                        }))
                .isZero();
    }
}
