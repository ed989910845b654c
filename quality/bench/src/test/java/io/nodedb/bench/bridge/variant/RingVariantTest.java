package io.nodedb.bench.bridge.variant;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bench.bridge.variant.RingVariant.Design;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of a ring of references, for every design and for the one that stands. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingVariantTest {
    private static final long SEED = 20_261_125;

    @ParameterizedTest
    @EnumSource(Design.class)
    void givesBackInOrder(Design design) {
        RingVariant<Integer> ring = design.create(4);
        assertThat(ring.poll()).isNull();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 3; i++) {
                assertThat(ring.offer(round * 3 + i)).isTrue();
            }
            ring.flush();
            for (int i = 0; i < 3; i++) {
                assertThat(ring.poll()).isEqualTo(round * 3 + i);
            }
            assertThat(ring.poll()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void offerReturnsFalseWhenRingIsFull(Design design) {
        RingVariant<String> ring = design.create(2);
        assertThat(ring.offer("a")).isTrue();
        assertThat(ring.offer("b")).isTrue();
        assertThat(ring.offer("c")).isFalse();
        assertThat(ring.poll()).isEqualTo("a");
        assertThat(ring.poll()).isEqualTo("b");
        assertThat(ring.poll()).isNull();
        assertThat(ring.offer("c")).isTrue();
        ring.flush();
        assertThat(ring.poll()).isEqualTo("c");
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void ringOfOneWorks(Design design) {
        RingVariant<String> ring = design.create(1);
        assertThat(ring.offer("a")).isTrue();
        assertThat(ring.offer("b")).isFalse();
        assertThat(ring.poll()).isEqualTo("a");
        assertThat(ring.poll()).isNull();
        assertThat(ring.offer("b")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void takenObjectsAreForgotten(Design design) {
        RingVariant<Object> ring = design.create(2);
        WeakReference<Object> reference = offerAndTake(ring);
        System.gc();
        assertThat(reference.get()).isNull();
        assertThat(ring.poll()).isNull();
    }

    private static WeakReference<Object> offerAndTake(RingVariant<Object> ring) {
        Object element = new Object();
        assertThat(ring.offer(element)).isTrue();
        ring.flush();
        return new WeakReference<>(ring.poll());
    }

    /** A design that publishes in batches may refuse though there is room, until all is taken. */
    @ParameterizedTest
    @EnumSource(Design.class)
    void behavesAsABoundedQueue(Design design) {
        Random random = new Random(SEED);
        for (int capacity = 1; capacity <= 64; capacity *= 2) {
            RingVariant<Integer> ring = design.create(capacity);
            ArrayDeque<Integer> model = new ArrayDeque<>();
            boolean foundEmpty = true;
            for (int i = 0; i < 10_000; i++) {
                if (random.nextBoolean()) {
                    boolean taken = ring.offer(i);
                    ring.flush();
                    boolean expected = model.size() < capacity;
                    if (design != Design.MC_RING || foundEmpty || !expected) {
                        assertThat(taken).isEqualTo(expected);
                    }
                    if (taken) {
                        model.add(i);
                        foundEmpty = false;
                    }
                } else {
                    Integer expected = model.poll();
                    foundEmpty = expected == null;
                    assertThat(ring.poll()).isEqualTo(expected);
                }
            }
        }
    }

    /** Spinning alone would take a whole time slice each time where there is one processor. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOtherRun() {
        Thread.yield();
    }

    private static final class Message {
        private long a;
        private long b;
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void everyMessageArrivesWholeAndInOrder(Design design) throws Exception {
        for (int capacity : new int[] {1, 2, 1024}) {
            long count = capacity == 1024 ? 1_000_000 : 20_000;
            RingVariant<Message> ring = design.create(capacity);
            Thread producer =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (long i = 0; i < count; i++) {
                                    Message message = new Message();
                                    message.a = i;
                                    message.b = ~i;
                                    while (!ring.offer(message)) {
                                        letOtherRun();
                                    }
                                }
                                ring.flush();
                            });
            long wrong = 0;
            for (long i = 0; i < count; ) {
                Message message = ring.poll();
                if (message == null) {
                    letOtherRun();
                } else {
                    if (message.a != i || message.b != ~i) {
                        wrong++;
                    }
                    i++;
                }
            }
            producer.join();
            assertThat(wrong).isZero();
            assertThat(ring.poll()).isNull();
        }
    }
}
