package io.nodedb.control.transaction;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Lsn;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.kv.KvExchanges;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.control.scan.RangeScans;
import io.nodedb.control.scan.Scans;
import io.nodedb.control.snapshot.Snapshots;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One transaction under snapshot isolation: it reads what was committed when it began, and its own
 * writes; the commit fails with {@code CONFLICT} when another transaction has meanwhile committed a
 * write to a key that this one wrote (first committer wins). Reads are not checked, so write skew
 * is possible, as the level has it.
 *
 * <p>Nothing reaches a core before {@link #commit}, so rolling back costs nothing. One thread at a
 * time; it ends by {@link #commit} or {@link #close}.
 */
public final class Transaction implements AutoCloseable {
    private final KvExchanges exchanges;
    private final Scans scans;
    private final RangeScans ranges;
    private final Snapshots snapshots;
    private final Committer committer;
    private final TransactionOptions options;
    private final SnapshotHandle snapshot;
    private final long deadlineNanos;
    private final WriteSet writes;
    private final LongSupplier nanoTime;

    private @Nullable CommitDurability strictest;
    private boolean ended;

    Transaction(
            KvExchanges exchanges,
            Scans scans,
            RangeScans ranges,
            Snapshots snapshots,
            Committer committer,
            TransactionOptions options,
            SnapshotHandle snapshot,
            long deadlineNanos,
            WriteSet writes) {
        this.exchanges = exchanges;
        this.scans = scans;
        this.ranges = ranges;
        this.snapshots = snapshots;
        this.committer = committer;
        this.options = options;
        this.snapshot = snapshot;
        this.deadlineNanos = deadlineNanos;
        this.writes = writes;
        this.nanoTime = exchanges.time()::nanoTime;
    }

    /** Every commit up to here is seen, none above. */
    public long snapshotLsn() {
        return snapshot.lsn();
    }

    /** The value, or null. */
    public byte @Nullable [] get(CollectionInfo collection, byte[] key) {
        requireOpen();
        KeyWrite own = writes.find(collection.id(), key);
        if (own != null) {
            byte[] value = visible(own);
            return value == null ? null : value.clone();
        }
        return exchanges.run(read(KvOp.GET, collection, key), KvExchanges::value);
    }

    /** As {@link #get}, without waiting. */
    public CompletableFuture<byte @Nullable []> getAsync(CollectionInfo collection, byte[] key) {
        requireOpen();
        KeyWrite own = writes.find(collection.id(), key);
        if (own != null) {
            byte[] value = visible(own);
            return CompletableFuture.completedFuture(value == null ? null : value.clone());
        }
        return exchanges.runAsync(
                exchanges.beginAsyncAt(
                        KvOp.GET, collection, key, options.call(), snapshot, deadlineNanos),
                KvExchanges::value);
    }

    public boolean exists(CollectionInfo collection, byte[] key) {
        requireOpen();
        KeyWrite own = writes.find(collection.id(), key);
        return own != null
                ? visible(own) != null
                : exchanges.run(read(KvOp.EXISTS, collection, key), KvExchanges::found);
    }

    /**
     * Epoch milliseconds of the key's expiry, 0 for none, {@link KvExchanges#ABSENT} without the
     * key.
     */
    public long expiry(CollectionInfo collection, byte[] key) {
        requireOpen();
        KeyWrite own = writes.find(collection.id(), key);
        if (own == null) {
            return exchanges.run(read(KvOp.EXPIRY, collection, key), KvExchanges::expiry);
        }
        return visible(own) == null ? KvExchanges.ABSENT : own.expireAtMillis();
    }

    /** {@link KvCall#KEEP_EXPIRY} keeps the expiry that the key has in this transaction. */
    public void put(CollectionInfo collection, byte[] key, byte[] value, long expireAtMillis) {
        requireOpen();
        long resolved = expireAtMillis;
        if (expireAtMillis == KvCall.KEEP_EXPIRY) {
            resolved = Math.max(0, expiry(collection, key));
        }
        touch(collection);
        writes.put(collection.id(), key, value, resolved);
    }

    /**
     * Puts a row that was made by a version of the collection's definition; the commit is {@link
     * ErrorCode#DEFINITION_CHANGED} when that is not the present one by then.
     */
    public void putRow(CollectionInfo collection, byte[] key, byte[] row, int definition) {
        requireOpen();
        touch(collection);
        writes.putRow(collection.id(), key, row, definition);
    }

    /** The collections written to, each once. */
    int[] writtenCollections() {
        return writes.collections();
    }

    /** True when the key was there. */
    public boolean delete(CollectionInfo collection, byte[] key) {
        boolean existed = exists(collection, key);
        if (existed) {
            touch(collection);
            writes.delete(collection.id(), key);
        }
        return existed;
    }

    public byte @Nullable [] getAndPut(CollectionInfo collection, byte[] key, byte[] value) {
        byte[] before = get(collection, key);
        put(collection, key, value, 0);
        return before;
    }

    public byte @Nullable [] getAndDelete(CollectionInfo collection, byte[] key) {
        byte[] before = get(collection, key);
        if (before != null) {
            touch(collection);
            writes.delete(collection.id(), key);
        }
        return before;
    }

    /** True when the value was {@code expected} and was replaced. */
    public boolean compareAndPut(
            CollectionInfo collection,
            byte[] key,
            byte[] expected,
            byte[] value,
            long expireAtMillis) {
        if (!Arrays.equals(get(collection, key), expected)) {
            return false;
        }
        put(collection, key, value, expireAtMillis);
        return true;
    }

    /** True when the value was {@code expected} and was deleted. */
    public boolean compareAndDelete(CollectionInfo collection, byte[] key, byte[] expected) {
        if (!Arrays.equals(get(collection, key), expected)) {
            return false;
        }
        touch(collection);
        writes.delete(collection.id(), key);
        return true;
    }

    /** Adds to a decimal integer, absent counting as 0; the expiry is kept. */
    public long increment(CollectionInfo collection, byte[] key, long delta) {
        byte[] before = get(collection, key);
        long sum;
        try {
            long present =
                    before == null
                            ? 0
                            : Long.parseLong(new String(before, StandardCharsets.US_ASCII));
            sum = Math.addExact(present, delta);
        } catch (NumberFormatException e) {
            throw new NodeDbException(
                    ErrorCode.TYPE_MISMATCH, "The value to increment is no 64-bit integer", e);
        } catch (ArithmeticException e) {
            throw new NodeDbException(
                    ErrorCode.OVERFLOW, "The sum exceeds 64 bits: delta=" + delta, e);
        }
        put(
                collection,
                key,
                Long.toString(sum).getBytes(StandardCharsets.US_ASCII),
                KvCall.KEEP_EXPIRY);
        return sum;
    }

    /** Sets or (0) removes the expiry; true when the key was there. */
    public boolean expireAt(CollectionInfo collection, byte[] key, long expireAtMillis) {
        byte[] value = get(collection, key);
        if (value == null) {
            return false;
        }
        put(collection, key, value, expireAtMillis);
        return true;
    }

    /**
     * The collection as this transaction sees it at this moment; what it writes later is not in the
     * scan.
     */
    public TransactionScan scan(CollectionInfo collection) {
        requireOpen();
        return new TransactionScan(
                scans.open(collection, options.call(), snapshot),
                writes.ofCollection(collection.id()),
                Lsn.millis(snapshot.lsn()));
    }

    /** A range of an ordered collection, as {@link #scan(CollectionInfo)}. */
    public TransactionRangeScan scan(CollectionInfo collection, KeyRange range) {
        return scan(collection, range, RangeScans.Rows.WHOLE);
    }

    private TransactionRangeScan scan(
            CollectionInfo collection, KeyRange range, RangeScans.Rows rows) {
        requireOpen();
        return new TransactionRangeScan(
                ranges.open(collection, range, rows, options.call(), snapshot),
                range,
                writes.inRange(collection.id(), range));
    }

    /** Rows of a range of an ordered collection as this transaction sees it. */
    public long count(CollectionInfo collection, KeyRange range) {
        try (TransactionRangeScan keys = scan(collection, range, RangeScans.Rows.KEYS_ONLY)) {
            long count = 0;
            while (keys.next() != null) {
                count++;
            }
            return count;
        }
    }

    /** Keys of the collection as this transaction sees it. */
    public long count(CollectionInfo collection) {
        requireOpen();
        try (TransactionScan keys =
                new TransactionScan(
                        scans.openKeys(collection, options.call(), snapshot),
                        writes.ofCollection(collection.id()),
                        Lsn.millis(snapshot.lsn()))) {
            long count = 0;
            while (keys.next() != null) {
                count++;
            }
            return count;
        }
    }

    /**
     * Commits and ends the transaction.
     *
     * @return the commit's LSN; the snapshot's when nothing was written
     */
    public long commit() {
        requireOpen();
        try {
            return writes.isEmpty()
                    ? snapshot.lsn()
                    : committer
                            .commit(writes, snapshot.lsn(), deadlineNanos, durability(), options)
                            .lsnOrThrow();
        } finally {
            close();
        }
    }

    /** As {@link #commit}, without waiting: {@code outcome} is told on the lane thread. */
    public void commitAsync(Consumer<CommitOutcome> outcome) {
        requireOpen();
        ended = true;
        if (writes.isEmpty()) {
            snapshots.close(snapshot);
            outcome.accept(CommitOutcome.committed(snapshot.lsn()));
            return;
        }
        committer.commitAsync(
                writes,
                snapshot.lsn(),
                deadlineNanos,
                durability(),
                options,
                how -> {
                    snapshots.close(snapshot);
                    outcome.accept(how);
                });
    }

    /** Rolls back unless it has ended. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            snapshots.close(snapshot);
        }
    }

    public boolean isOpen() {
        return !ended;
    }

    private io.nodedb.control.dispatch.Exchange<KvCall> read(
            KvOp op, CollectionInfo collection, byte[] key) {
        return exchanges.beginAt(op, collection, key, options.call(), snapshot, deadlineNanos);
    }

    /** The value of an own write, null when deleted or expired at the snapshot's time. */
    private byte @Nullable [] visible(KeyWrite own) {
        long expiry = own.expireAtMillis();
        return expiry > 0 && expiry <= Lsn.millis(snapshot.lsn()) ? null : own.value();
    }

    private void touch(CollectionInfo collection) {
        CommitDurability wanted = exchanges.durability(collection, options.call());
        CommitDurability before = strictest;
        strictest = before == null ? wanted : before.strictest(wanted);
    }

    private byte durability() {
        CommitDurability choice = strictest;
        Check.that(choice != null, "a transaction that wrote knows its durability");
        return (choice == null ? CommitDurability.SYNC : choice).number();
    }

    private void requireOpen() {
        if (ended) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The transaction has ended: it can't be used again");
        }
        if (nanoTime.getAsLong() - deadlineNanos >= 0) {
            throw new NodeDbException(
                    ErrorCode.DEADLINE_EXCEEDED, "The transaction's deadline has passed");
        }
    }
}
