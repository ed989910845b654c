package io.nodedb.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodedb.storage.feed.EventRing;
import io.nodedb.storage.feed.EventRingWriter;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.Effects;
import io.nodedb.storage.wal.RecordEncoder;
import io.nodedb.storage.wal.RecordFormat;
import io.nodedb.storage.wal.WalProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of a data core as the Event Plane sees: logs writes, takes acknowledgements, emits
 * events.
 */
final class SimulatedCore {
    static final byte SOURCE = 2;

    /** Effects of one commit in one partition. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Section(int partition, byte[] effects) {}

    final CoreLog log;
    private final EventRingWriter events;
    private final WalProgress progress;
    private final RecordEncoder encoder = new RecordEncoder();
    private final Map<Long, List<Section>> unacknowledged = new HashMap<>();
    private final long[] ack = new long[CoreLog.ACK_STRIDE];
    int acknowledged;

    SimulatedCore(CoreLog log, EventRing ring, WalProgress progress) {
        this.log = log;
        this.events = ring.writer();
        this.progress = progress;
    }

    /** A write to some partitions in one record; false when the ring is full. */
    boolean batch(long id, List<Section> sections, boolean async) {
        int total = sections.stream().mapToInt(section -> section.effects().length).sum();
        int at = log.claim(RecordFormat.bytes(sections.size(), total));
        if (at < 0) {
            return false;
        }
        encode(at, RecordFormat.BATCH, 0, id, sections, async);
        log.publish(id);
        unacknowledged.put(id, sections);
        return true;
    }

    /** This core's part in a transaction; in parts when {@code inParts}. */
    boolean prepare(long id, List<Section> sections, boolean inParts, CommitRequest request) {
        List<Section> last = sections;
        if (inParts) {
            last = new ArrayList<>();
            for (Section section : sections) {
                int at = log.claim(RecordFormat.partBytes(section.effects().length));
                if (at < 0) {
                    return false;
                }
                encoder.begin(log.buffer(), at, RecordFormat.PART, 0, 1, id, 0, 0);
                encoder.partSection(
                        section.partition(), 0, section.effects(), 0, section.effects().length);
                encoder.end();
                log.publish(id);
                last.add(new Section(section.partition(), new byte[0]));
            }
        }
        int total = last.stream().mapToInt(section -> section.effects().length).sum();
        int at = log.claim(RecordFormat.bytes(last.size(), total));
        if (at < 0) {
            return false;
        }
        encode(at, RecordFormat.PREPARE, id, id, last, false);
        request.core(log.core(), log.publish(id));
        unacknowledged.put(id, sections);
        return true;
    }

    private void encode(
            int at, int type, long txnId, long id, List<Section> sections, boolean async) {
        int flags = RecordFormat.flags(async ? RecordFormat.ASYNC : 0, SOURCE);
        encoder.begin(log.buffer(), at, type, flags, sections.size(), txnId, 0, id);
        for (Section section : sections) {
            encoder.section(section.partition(), section.effects(), 0, section.effects().length);
        }
        encoder.end();
    }

    /** One turn: what was acknowledged becomes events. */
    void turn() {
        long durable = progress.durableLsn();
        while (log.pollAck(ack)) {
            List<Section> sections = unacknowledged.remove(ack[1]);
            if (ack[2] == CoreLog.BATCH || ack[2] == CoreLog.COMMIT) {
                acknowledged++;
                for (Section section : sections) {
                    byte[] effects = section.effects();
                    events.offerEvent(
                            ack[0], section.partition(), SOURCE, effects, 0, effects.length);
                }
            }
        }
        events.advance(durable);
        events.flush();
    }

    void heartbeat(long millis) {
        turn();
        events.heartbeat(progress.durableLsn(), millis);
        events.flush();
    }

    /** Encodes one put or delete; prior null means that there was none. */
    static byte[] effects(int collection, String key, String value, String prior, int flags) {
        Effects effects = new Effects(64);
        append(effects, collection, key, value, prior, flags);
        return java.util.Arrays.copyOf(effects.bytes(), effects.length());
    }

    static void append(
            Effects effects, int collection, String key, String value, String prior, int flags) {
        byte[] k = key.getBytes(UTF_8);
        byte[] before = prior == null ? null : prior.getBytes(UTF_8);
        int beforeLength = before == null ? 0 : before.length;
        if (value == null) {
            effects.deleteWithPrior(
                    1, collection, 1, flags, k, 0, k.length, before, 0, beforeLength);
        } else {
            byte[] v = value.getBytes(UTF_8);
            effects.putWithPrior(
                    1, collection, 1, k, 0, k.length, v, 0, v.length, 0, before, 0, beforeLength);
        }
    }
}
