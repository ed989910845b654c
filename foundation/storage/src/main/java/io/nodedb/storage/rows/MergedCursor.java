package io.nodedb.storage.rows;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import io.nodedb.storage.rows.cache.BlockRequests;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cursor: a merge of {@link RowSource}s, newest first. It stands on a key, {@code at}; each
 * source stands on the nearest key beyond it in the present direction, or is put there when it is
 * needed (at first, after a miss, and when it has changed).
 *
 * <p>Owned by its store's core.
 */
@CoreOwned
final class MergedCursor implements RowCursor {
    /** Rows passed over in one move before the caller gets a chance to yield. */
    private static final int MOST_PASSED = 512;

    /** States of a source. */
    private static final byte UNPOSITIONED = 0;

    private static final byte BEYOND = 1;
    private static final byte ON_KEY = 2;
    private static final byte ENDED = 3;

    private final LevelledRowStore store;
    private List<RowSource> sources = List.of();
    private byte[] states = new byte[8];
    private long epoch = -1;

    private int keyspace;
    private long bound;
    private @Nullable BlockRequests requests;
    private boolean forward;
    private boolean onRow;
    private boolean unfinished;
    private boolean inclusive;

    private byte[] at = new byte[64];
    private int atLength;
    private byte[] target = new byte[64];
    private int targetLength;
    private byte[] sought = new byte[64];

    /** Length of the seek that is under way; -1 when a step is. */
    private int soughtLength = -1;

    private byte[] key = new byte[64];
    private byte[] value = new byte[256];
    private int valueLength;
    private long stamp;

    MergedCursor(LevelledRowStore store) {
        this.store = store;
    }

    @Override
    public void open(int ofKeyspace, long readLsn, BlockRequests blockRequests) {
        store.checkOpen(ofKeyspace);
        keyspace = ofKeyspace;
        bound = RowVersion.bound(readLsn);
        requests = blockRequests;
        onRow = false;
        unfinished = false;
        epoch = -1;
    }

    @Override
    public void resume(BlockRequests blockRequests) {
        Check.that(requests != null, "a cursor was opened before it is resumed");
        requests = blockRequests;
    }

    @Override
    public int first() {
        target = roomFor(target, RowKey.PREFIX_BYTES);
        RowKey.putKeyspace(keyspace, target);
        targetLength = RowKey.PREFIX_BYTES;
        return begin(true);
    }

    @Override
    public int last() {
        target = roomFor(target, RowKey.PREFIX_BYTES);
        RowKey.putKeyspace(keyspace + 1, target);
        targetLength = RowKey.PREFIX_BYTES;
        return begin(false);
    }

    @Override
    public int seek(byte[] from, int offset, int length) {
        setTarget(from, offset, length);
        return begin(true);
    }

    @Override
    public int seekBefore(byte[] from, int offset, int length) {
        setTarget(from, offset, length);
        return begin(false);
    }

    private void setTarget(byte[] from, int offset, int length) {
        targetLength = RowKey.PREFIX_BYTES + length;
        target = roomFor(target, targetLength);
        RowKey.putKeyspace(keyspace, target);
        System.arraycopy(from, offset, target, RowKey.PREFIX_BYTES, length);
    }

    /** Starts at the target, or goes on when the same seek was not finished. */
    private int begin(boolean ahead) {
        if (unfinished
                && ahead == forward
                && soughtLength == targetLength
                && RowKey.compare(sought, soughtLength, target, targetLength) == 0) {
            return move();
        }
        sought = roomFor(sought, targetLength);
        System.arraycopy(target, 0, sought, 0, targetLength);
        soughtLength = targetLength;
        at = roomFor(at, targetLength);
        System.arraycopy(target, 0, at, 0, targetLength);
        atLength = targetLength;
        inclusive = true;
        forward = ahead;
        Arrays.fill(states, UNPOSITIONED);
        return move();
    }

    @Override
    public int next() {
        return step(true);
    }

    @Override
    public int previous() {
        return step(false);
    }

    private int step(boolean ahead) {
        if (!onRow && !unfinished) {
            return RowStore.ABSENT;
        }
        if (!unfinished) {
            soughtLength = -1;
        }
        if (ahead != forward) {
            forward = ahead;
            Arrays.fill(states, UNPOSITIONED);
        }
        return move();
    }

    private int move() {
        BlockRequests wanted = Objects.requireNonNull(requests, "the cursor was opened");
        store.checkOpen(keyspace);
        onRow = false;
        unfinished = true;
        try {
            for (int passed = 0; passed < MOST_PASSED; passed++) {
                int outcome = moveOnce(wanted);
                if (outcome != RowStore.AGAIN) {
                    return outcome;
                }
            }
        } catch (DamagedFileException e) {
            Arrays.fill(states, UNPOSITIONED);
            throw store.reported(e);
        }
        return RowStore.AGAIN;
    }

    /** To the next key of any source; {@code AGAIN} when its row is not visible. */
    private int moveOnce(BlockRequests wanted) {
        if (!settle(wanted)) {
            store.missed();
            return RowStore.MISS;
        }
        RowSource nearest = nearest();
        if (store.anyLost()) {
            checkNothingLost(nearest != null && inKeyspace(nearest) ? nearest : null);
        }
        if (nearest == null || !inKeyspace(nearest)) {
            unfinished = false;
            wanted.clear();
            return RowStore.ABSENT;
        }
        atLength = nearest.keyLength();
        at = roomFor(at, atLength);
        System.arraycopy(nearest.key(), 0, at, 0, atLength);
        inclusive = false;
        boolean visible =
                nearest.kind() == RowVersion.PUT
                        && nearest.age() >= store.rangeAge(at, atLength, bound);
        if (visible) {
            take(nearest);
        }
        for (int i = 0; i < sources.size(); i++) {
            RowSource source = sources.get(i);
            if (states[i] == BEYOND
                    && RowKey.compare(source.key(), source.keyLength(), at, atLength) == 0) {
                states[i] = ON_KEY;
            }
        }
        if (!visible) {
            return RowStore.AGAIN;
        }
        onRow = true;
        unfinished = false;
        wanted.clear();
        return RowStore.FOUND;
    }

    /** Throws when damage may have taken the nearest row's newest version, or rows before it. */
    private void checkNothingLost(@Nullable RowSource nearest) {
        byte[] end = forward ? RowKey.endOf(keyspace) : RowKey.of(keyspace, at, 0, 0);
        byte[] beyond = nearest == null ? end : nearest.key();
        int beyondLength = nearest == null ? end.length : nearest.keyLength();
        if (forward) {
            store.checkNoneLost(at, atLength, inclusive, beyond, beyondLength, bound);
        } else {
            store.checkNoneLost(beyond, beyondLength, nearest == null, at, atLength, bound);
        }
        if (nearest != null) {
            long rangeAge = store.rangeAge(beyond, beyondLength, bound);
            store.checkNotLost(beyond, beyondLength, bound, Math.max(nearest.age(), rangeAge));
        }
    }

    /** Puts every source beyond {@code at}; false when blocks are missing. */
    private boolean settle(BlockRequests wanted) {
        if (epoch != store.epoch()) {
            epoch = store.epoch();
            sources = store.sources(keyspace);
            if (states.length < sources.size()) {
                states = new byte[2 * sources.size()];
            }
            Arrays.fill(states, UNPOSITIONED);
        }
        boolean complete = true;
        for (int i = 0; i < sources.size(); i++) {
            RowSource source = sources.get(i);
            if (states[i] != UNPOSITIONED && !source.isCurrent() && states[i] != ENDED) {
                states[i] = UNPOSITIONED;
            }
            if (states[i] == ENDED && source instanceof MemtableSource && !source.isCurrent()) {
                states[i] = UNPOSITIONED;
            }
            int outcome =
                    switch (states[i]) {
                        case ON_KEY ->
                                forward
                                        ? source.advance(bound, wanted)
                                        : source.retreat(bound, wanted);
                        case UNPOSITIONED ->
                                forward
                                        ? source.ceiling(at, atLength, inclusive, bound, wanted)
                                        : source.lower(at, atLength, bound, wanted);
                        case BEYOND -> RowStore.FOUND;
                        default -> RowStore.ABSENT;
                    };
            if (outcome == RowStore.MISS) {
                states[i] = UNPOSITIONED;
                complete = false;
            } else {
                states[i] = outcome == RowStore.FOUND ? BEYOND : ENDED;
            }
        }
        return complete;
    }

    /**
     * Of sources on one key the newest version counts; mostly that is the first one's, but a bulk
     * load may lie above rows that were pending when it was handed in.
     */
    private @Nullable RowSource nearest() {
        RowSource nearest = null;
        for (int i = 0; i < sources.size(); i++) {
            if (states[i] != BEYOND) {
                continue;
            }
            RowSource source = sources.get(i);
            if (nearest == null) {
                nearest = source;
                continue;
            }
            int order =
                    RowKey.compare(
                            source.key(), source.keyLength(), nearest.key(), nearest.keyLength());
            if (order == 0 ? source.age() > nearest.age() : forward == order < 0) {
                nearest = source;
            }
        }
        return nearest;
    }

    private boolean inKeyspace(RowSource source) {
        return RowKey.keyspace(source.key()) == keyspace;
    }

    private void take(RowSource source) {
        key = roomFor(key, atLength);
        System.arraycopy(at, RowKey.PREFIX_BYTES, key, 0, atLength - RowKey.PREFIX_BYTES);
        valueLength = source.valueLength();
        value = roomFor(value, valueLength);
        source.copyValue(value);
        stamp = RowVersion.stampOfAge(source.age());
    }

    private static byte[] roomFor(byte[] array, int length) {
        return array.length >= length
                ? array
                : Arrays.copyOf(array, Math.max(length, 2 * array.length));
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public int keyLength() {
        Check.that(onRow, "the cursor stands on a row");
        return atLength - RowKey.PREFIX_BYTES;
    }

    @Override
    public byte[] value() {
        return value;
    }

    @Override
    public int valueLength() {
        Check.that(onRow, "the cursor stands on a row");
        return valueLength;
    }

    @Override
    public long stamp() {
        Check.that(onRow, "the cursor stands on a row");
        return stamp;
    }

    @Override
    public void close() {
        onRow = false;
        unfinished = false;
        sources = List.of();
        epoch = -1;
    }
}
