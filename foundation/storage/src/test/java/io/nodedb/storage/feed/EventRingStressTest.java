package io.nodedb.storage.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.storage.bytes.LittleEndian;
import org.junit.jupiter.api.Test;

/** Two threads on a ring of eight slots: no event is lost, doubled, torn or out of order. */
class EventRingStressTest {
    private static final int EVENTS = 300_000;

    @Test
    void everyEventArrivesOnceOrLiesInAGap() throws InterruptedException {
        EventRing ring = new EventRing(8, 1 << 20, () -> {});
        Thread core =
                new Thread(
                        () -> {
                            EventRingWriter writer = ring.writer();
                            byte[] effects = new byte[64];
                            for (int lsn = 1; lsn <= EVENTS; lsn++) {
                                LittleEndian.putLong(effects, 0, lsn);
                                LittleEndian.putLong(effects, 56, -lsn);
                                writer.offerEvent(lsn, 0, (byte) 0, effects, 0, 64);
                                writer.advance(lsn);
                                if (lsn % 64 == 0) {
                                    Thread.onSpinWait();
                                }
                            }
                            while (ring.watermark() < EVENTS) {
                                writer.advance(EVENTS);
                                Thread.onSpinWait();
                            }
                        },
                        "core");
        core.start();
        EventRingReader reader = ring.reader();
        long seen = 0;
        long nextSequence = 0;
        while (seen < EVENTS) {
            long watermark = reader.watermark();
            EventSlot slot;
            while ((slot = reader.poll()) != null) {
                assertThat(slot.sequence()).isEqualTo(nextSequence);
                assertThat(slot.lsn()).isEqualTo(seen + 1);
                if (slot.kind() == EventSlot.EVENT) {
                    assertThat(LittleEndian.getLong(slot.effects(), 0)).isEqualTo(slot.lsn());
                    assertThat(LittleEndian.getLong(slot.effects(), 56)).isEqualTo(-slot.lsn());
                    seen = slot.lsn();
                    nextSequence++;
                } else {
                    seen = slot.toLsn();
                    nextSequence += slot.missed();
                }
                reader.release();
            }
            assertThat(seen)
                    .as("all up to the watermark were seen")
                    .isGreaterThanOrEqualTo(watermark);
        }
        core.join();
        assertThat(seen).isEqualTo(EVENTS);
    }
}
