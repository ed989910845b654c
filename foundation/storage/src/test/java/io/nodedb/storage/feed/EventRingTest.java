package io.nodedb.storage.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventRingTest {
    private static final byte CLIENT = 0;
    private static final int SLOTS = 8;

    private final AtomicInteger wakes = new AtomicInteger();
    private final EventRing ring = new EventRing(SLOTS, 1 << 20, wakes::incrementAndGet);
    private final EventRingWriter writer = ring.writer();
    private final EventRingReader reader = ring.reader();

    private boolean offer(long lsn) {
        byte[] effects = {(byte) lsn, 1, 2};
        return writer.offerEvent(lsn, 3, CLIENT, effects, 0, effects.length);
    }

    private EventSlot take() {
        EventSlot slot = reader.poll();
        assertThat(slot).isNotNull();
        return slot;
    }

    private void skip(int count) {
        for (int i = 0; i < count; i++) {
            take();
            reader.release();
        }
    }

    @Test
    void anEventArrivesWhole() {
        assertThat(writer.offerEvent(42, 3, (byte) 2, new byte[] {9, 8, 7, 6}, 1, 2)).isTrue();
        EventSlot slot = take();
        assertThat(slot.kind()).isEqualTo(EventSlot.EVENT);
        assertThat(slot.lsn()).isEqualTo(42);
        assertThat(slot.partition()).isEqualTo(3);
        assertThat(slot.source()).isEqualTo((byte) 2);
        assertThat(slot.length()).isEqualTo(2);
        assertThat(slot.effects()).startsWith(8, 7);
        assertThat(reader.poll()).isSameAs(slot);
        reader.release();
        assertThat(reader.poll()).isNull();
    }

    @Test
    void whatDoesNotFitBecomesAGapBeforeTheNextEvent() {
        for (int lsn = 1; lsn <= SLOTS; lsn++) {
            assertThat(offer(lsn)).isTrue();
        }
        assertThat(offer(9)).isFalse();
        assertThat(offer(10)).isFalse();
        skip(2);
        assertThat(offer(11)).isTrue();
        skip(SLOTS - 2);
        EventSlot gap = take();
        assertThat(gap.kind()).isEqualTo(EventSlot.GAP);
        assertThat(gap.lsn()).isEqualTo(9);
        assertThat(gap.toLsn()).isEqualTo(10);
        assertThat(gap.missed()).isEqualTo(2);
        assertThat(gap.sequence()).isEqualTo(8);
        reader.release();
        EventSlot event = take();
        assertThat(event.lsn()).isEqualTo(11);
        assertThat(event.sequence()).isEqualTo(gap.sequence() + gap.missed());
    }

    @Test
    void withRoomForTheGapOnlyTheEventStartsTheNextGap() {
        for (int lsn = 1; lsn <= SLOTS + 1; lsn++) {
            offer(lsn);
        }
        skip(1);
        assertThat(offer(10)).isFalse();
        skip(SLOTS - 1);
        assertThat(take().toLsn()).isEqualTo(9);
        reader.release();
        writer.advance(10);
        EventSlot gap = take();
        assertThat(gap.lsn()).isEqualTo(10);
        assertThat(gap.toLsn()).isEqualTo(10);
    }

    @Test
    void effectsThatAreTooLargeBecomeAGap() {
        assertThat(
                        writer.offerEvent(
                                1,
                                0,
                                CLIENT,
                                new byte[EventRing.MAX_EFFECT_BYTES],
                                0,
                                EventRing.MAX_EFFECT_BYTES))
                .isTrue();
        assertThat(
                        writer.offerEvent(
                                2,
                                0,
                                CLIENT,
                                new byte[EventRing.MAX_EFFECT_BYTES + 1],
                                0,
                                EventRing.MAX_EFFECT_BYTES + 1))
                .isFalse();
        offer(3);
        skip(1);
        assertThat(take().kind()).isEqualTo(EventSlot.GAP);
    }

    @Test
    void slotsGrowToTheirLimitOnly() {
        EventRing small = new EventRing(SLOTS, 1024, () -> {});
        assertThat(small.writer().offerEvent(1, 0, CLIENT, new byte[1024], 0, 1024)).isTrue();
        assertThat(small.writer().offerEvent(2, 0, CLIENT, new byte[1], 0, 1)).isFalse();
        assertThat(small.writer().missedInAll()).isEqualTo(1);
    }

    @Test
    void aHeartbeatIsDroppedWhenTheRingIsFull() {
        for (int lsn = 1; lsn <= SLOTS; lsn++) {
            offer(lsn);
        }
        assertThat(writer.heartbeat(20, 1_000)).isFalse();
        skip(1);
        assertThat(writer.heartbeat(20, 1_000)).isTrue();
        skip(SLOTS - 1);
        EventSlot beat = take();
        assertThat(beat.kind()).isEqualTo(EventSlot.HEARTBEAT);
        assertThat(beat.lsn()).isEqualTo(20);
        assertThat(beat.millis()).isEqualTo(1_000);
    }

    @Test
    void theWatermarkStandsWhileAGapWaitsForRoom() {
        for (int lsn = 1; lsn <= SLOTS + 1; lsn++) {
            offer(lsn);
        }
        writer.advance(9);
        assertThat(reader.watermark()).isZero();
        skip(1);
        writer.advance(9);
        assertThat(reader.watermark()).isEqualTo(9);
        writer.advance(5);
        assertThat(reader.watermark()).isEqualTo(9);
    }

    @Test
    void theReaderIsWokenOncePerFlush() {
        offer(1);
        offer(2);
        writer.flush();
        writer.flush();
        assertThat(wakes).hasValue(1);
        writer.advance(2);
        writer.flush();
        assertThat(wakes).as("nobody waits for the watermark").hasValue(1);
        reader.awaitWatermark(4);
        writer.advance(3);
        writer.flush();
        assertThat(wakes).hasValue(1);
        writer.advance(4);
        writer.flush();
        assertThat(wakes).hasValue(2);
    }

    @Test
    void lsnsNeverGoDown() {
        offer(5);
        assertThatThrownBy(() -> offer(4)).isInstanceOf(BugException.class);
    }

    @Test
    void nothingIsAllocatedOnceTheSlotsHaveGrown() {
        byte[] effects = new byte[200];
        passThrough(effects, 1, 50_000);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        passThrough(effects, 50_001, 100_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes for 50 000 events").isLessThan(50_000);
    }

    private void passThrough(byte[] effects, int from, int to) {
        for (int lsn = from; lsn <= to; lsn++) {
            writer.offerEvent(lsn, 0, CLIENT, effects, 0, effects.length);
            writer.advance(lsn);
            writer.flush();
            while (reader.poll() != null) {
                reader.release();
            }
        }
    }
}
