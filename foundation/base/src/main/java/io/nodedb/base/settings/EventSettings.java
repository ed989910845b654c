package io.nodedb.base.settings;

import java.time.Duration;
import java.util.List;

/** Numbers of the Event Plane and its feeds. */
public final class EventSettings {
    public static final Setting<Integer> EVENT_RING =
            Setting.count(
                    "event_ring",
                    65_536,
                    8,
                    1 << 24,
                    "Write events of one core that may wait; a power of two. Beyond it a gap is"
                            + " marked and read from the log.");

    public static final Setting<Long> EVENT_RING_BYTES =
            Setting.bytes(
                    "event_ring_bytes",
                    16L << 20,
                    4L << 10,
                    1L << 30,
                    "Keys and values of one core that may wait in its event ring; a power of two.");

    public static final Setting<Duration> HEARTBEAT_MIN =
            Setting.duration(
                    "heartbeat_min",
                    Duration.ofMillis(900),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "Shortest time without a write event after which a core emits a heartbeat.");

    public static final Setting<Duration> HEARTBEAT_MAX =
            Setting.duration(
                    "heartbeat_max",
                    Duration.ofMillis(1_100),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "Longest time without a write event after which a core emits a heartbeat; the"
                            + " time is drawn anew between the two.");

    public static final Setting<Integer> SUBSCRIPTION_QUEUE =
            Setting.count(
                    "subscription_queue",
                    1 << 16,
                    1,
                    1 << 20,
                    "Events that wait for one subscriber before it has to catch up from the log.");

    /** Every setting of this class. */
    public static final List<Setting<?>> ALL =
            List.of(EVENT_RING, EVENT_RING_BYTES, HEARTBEAT_MIN, HEARTBEAT_MAX, SUBSCRIPTION_QUEUE);

    private EventSettings() {}
}
