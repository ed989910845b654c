package io.nodedb.storage.feed;

/**
 * One place in an {@link EventRing}, filled by the core and read by the Event Plane. Which fields
 * mean something depends on {@link #kind()}:
 *
 * <pre>
 *             sequence         lsn          toLsn     more
 *  EVENT      its own          commit       –         partition, source, effects
 *  HEARTBEAT  next event's     durable      –         millis
 *  GAP        first missed     first missed last      missed
 * </pre>
 *
 * Belongs to whichever side the ring's positions say.
 */
public final class EventSlot {
    /** Effects of one commit in one partition. */
    public static final byte EVENT = 1;

    /** Nothing happened, up to this LSN. */
    public static final byte HEARTBEAT = 2;

    /** Events from one LSN to another were not put into the ring: read them from the log. */
    public static final byte GAP = 3;

    private static final byte[] NOTHING = new byte[0];

    private byte kind;
    private byte source;
    private int partition;
    private int length;
    private long sequence;
    private long lsn;
    private long toLsn;
    private long missed;
    private long millis;
    private byte[] effects = NOTHING;

    EventSlot() {}

    void event(long atSequence, long atLsn, int ofPartition, byte ofSource) {
        kind = EVENT;
        sequence = atSequence;
        lsn = atLsn;
        partition = ofPartition;
        source = ofSource;
    }

    void effects(byte[] bytes, int offset, int count) {
        System.arraycopy(bytes, offset, effects, 0, count);
        length = count;
    }

    void heartbeat(long nextSequence, long durableLsn, long nowMillis) {
        kind = HEARTBEAT;
        sequence = nextSequence;
        lsn = durableLsn;
        millis = nowMillis;
        length = 0;
    }

    void gap(long firstSequence, long fromLsn, long untilLsn, long count) {
        kind = GAP;
        sequence = firstSequence;
        lsn = fromLsn;
        toLsn = untilLsn;
        missed = count;
        length = 0;
    }

    int capacity() {
        return effects.length;
    }

    void grow(int bytes) {
        effects = new byte[bytes];
    }

    public byte kind() {
        return kind;
    }

    /** Dense per core, missed events counted. */
    public long sequence() {
        return sequence;
    }

    public long lsn() {
        return lsn;
    }

    /** Last missed LSN, inclusive. */
    public long toLsn() {
        return toLsn;
    }

    /** How many events were missed. */
    public long missed() {
        return missed;
    }

    public int partition() {
        return partition;
    }

    /** Source of the write, as the bridge numbers it. */
    public byte source() {
        return source;
    }

    /** The core's wall clock at a heartbeat. */
    public long millis() {
        return millis;
    }

    /**
     * Array of the effects ({@link io.nodedb.storage.wal.EffectFormat}), from 0 to {@link
     * #length()}.
     */
    public byte[] effects() {
        return effects;
    }

    public int length() {
        return length;
    }
}
