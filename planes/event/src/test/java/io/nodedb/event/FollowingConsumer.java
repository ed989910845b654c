package io.nodedb.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A consumer that stores its position now and then, and checks all that it is told. */
final class FollowingConsumer {
    private final long from;
    private final int collection;
    private final TreeMap<Long, Map<String, String>> seen = new TreeMap<>();
    private ChangeFeed feed;
    private long stored;
    private long lastLsn;
    private String last = "";
    int delivered;
    int redelivered;

    /** {@code collection} 0: all of them. */
    FollowingConsumer(EventHub hub, long from, int collection) {
        this.from = from;
        this.stored = from;
        this.collection = collection;
        open(hub);
    }

    private void open(EventHub hub) {
        feed =
                hub.changes(
                        stored,
                        collection == 0
                                ? ChangeFilter.ALL_DATA
                                : ChangeFilter.collection(collection));
        lastLsn = stored;
        last = "";
    }

    /** After a crash, from what was stored. */
    void resume(EventHub hub) {
        open(hub);
    }

    boolean poll() {
        Change change = feed.poll();
        if (change == null) {
            return false;
        }
        assertThat(change.operation()).isNotEqualTo(Operation.GAP);
        assertThat(change.lsn()).as("the order of the log").isGreaterThanOrEqualTo(lastLsn);
        assertThat(change.lsn()).as("what was stored is not told again").isGreaterThan(stored);
        assertThat(change.source()).isEqualTo(SimulatedCore.SOURCE);
        String id = String.format("%05d/%05d", change.partition(), change.sequence());
        if (change.lsn() == lastLsn) {
            assertThat(id).isNotEqualTo(last);
        }
        lastLsn = change.lsn();
        last = id;
        String before =
                seen.computeIfAbsent(change.lsn(), lsn -> new LinkedHashMap<>())
                        .put(id, EventSimulation.text(change));
        if (before != null) {
            assertThat(before).isEqualTo(EventSimulation.text(change));
            redelivered++;
        }
        delivered++;
        return true;
    }

    void store() {
        stored = feed.position();
        assertThat(stored).isGreaterThanOrEqualTo(from);
    }

    boolean isLive() {
        return feed.isLive();
    }

    void close() {
        feed.close();
    }

    /** All that was told equals the log's commits after the start. */
    void verify(NavigableMap<Long, Map<Integer, List<String>>> truth) {
        TreeMap<Long, Map<String, String>> expected = new TreeMap<>();
        truth.tailMap(from, false)
                .forEach((lsn, partitions) -> {
                    Map<String, String> changes = new TreeMap<>();
                    partitions.forEach((partition, texts) -> add(changes, partition, texts));
                    if (!changes.isEmpty()) {
                        expected.put(lsn, changes);
                    }
                });
        assertThat(new ArrayList<>(seen.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        expected.forEach((lsn, changes) -> assertThat(seen.get(lsn)).isEqualTo(changes));
    }

    private void add(Map<String, String> changes, int partition, List<String> texts) {
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            String text = texts.get(sequence);
            if (collection == 0 || text.matches("\\w+ " + collection + " .*")) {
                changes.put(String.format("%05d/%05d", partition, sequence), text);
            }
        }
    }
}
