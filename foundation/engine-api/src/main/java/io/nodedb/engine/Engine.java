package io.nodedb.engine;

import io.nodedb.base.ids.Tenants;
import io.nodedb.plan.Call;
import io.nodedb.storage.wal.EffectReader;
import org.jspecify.annotations.Nullable;

/**
 * One engine's state of one partition.
 *
 * <pre>
 *   load*  →  replay*  →  opened  →  ( execute | apply | stamp | expire | checkpoint | maintain | drop )*  →  close
 * </pre>
 *
 * <p><b>A write</b> is first decided by {@link #execute}, which may fail and changes nothing: it
 * appends absolute after-images to the context's effects. Then {@link #reserve} makes sure of the
 * memory, and {@link #apply} installs each effect; from there on nothing may fail. The same {@code
 * apply} serves live writes, decided transactions and replay, so there is one way in which state
 * changes.
 *
 * <p><b>Collections</b> are known from {@link #openCollection} to {@link #drop}. Effects,
 * checkpoint entries and handles of others are passed over: they were purged and may still stand in
 * the log.
 *
 * <p><b>Stamps.</b> A version is stamped with its commit's LSN (positive), or, while its record is
 * not yet durable, with minus the batch sequence that the core gave it. {@link #stamp} replaces the
 * latter by the former, in the order of the log.
 *
 * <p><b>Where state lasts.</b> An engine in memory emits checkpoints ({@link #beginCheckpoint}),
 * which the core writes and {@link #load}s. An engine that keeps rows in {@link #files} of its own
 * does neither; it may answer that it must read first ({@link Outcome#WAIT_FOR_READ}, {@link
 * #READ_FIRST}).
 */
public interface Engine extends AutoCloseable {
    /** Answer of {@link #newestStamp}: that is on disk, and has to be read first. */
    long READ_FIRST = Long.MIN_VALUE;

    /** The engine's own files; null when it has none, and the core writes its checkpoints. */
    default @Nullable EngineFiles files() {
        return null;
    }

    /**
     * Makes a collection known, before any of its effects or calls. Calling it again changes the
     * options.
     */
    void openCollection(int collection, CollectionOptions options);

    /**
     * Takes one entry of a checkpoint, files oldest first; an entry with a higher LSN for the same
     * key wins.
     */
    void load(EffectReader effect, long lsn);

    /** Loading and replay are over; {@code nowMillis} starts timers. */
    void opened(long nowMillis);

    /** Rounds of {@link #touch}: where a key is looked up, then what is found there. */
    int TOUCH_ROUNDS = 2;

    /**
     * A call will be executed soon, perhaps: a chance to read from memory what it will need, so
     * that the cache misses of many calls overlap instead of following one another. The core makes
     * round 0 for all calls that came together, then round 1. Changes nothing, and answers nothing.
     *
     * @param round from 0 to {@link #TOUCH_ROUNDS}, exclusive
     */
    default void touch(Call call, int round) {}

    /**
     * Executes a read, or decides a write without changing anything.
     *
     * @return {@link Outcome#DONE}, a wait, or the number of an {@link
     *     io.nodedb.base.errors.ErrorCode}, as {@link Outcome} says
     */
    int execute(Call call, ExecutionContext context);

    /**
     * The stamp of a key's newest applied version: 0 when the key has none, positive when
     * committed, negative when pending. A deletion that is still remembered is a version. {@link
     * #READ_FIRST} in an engine with files, when they have to be asked.
     */
    long newestStamp(int collection, byte[] key, int offset, int length, long keyHash);

    /**
     * As above; when the answer is {@link #READ_FIRST} the context has been told what to read, as
     * {@link #execute} does, and the question is to be asked again after that.
     *
     * @throws io.nodedb.base.errors.NodeDbException when what was read is damaged, or can't be read
     */
    default long newestStamp(
            int collection,
            byte[] key,
            int offset,
            int length,
            long keyHash,
            ExecutionContext context) {
        return newestStamp(collection, key, offset, length, keyHash);
    }

    /**
     * A key's newest applied version is a value whose time has run out at {@code nowMillis}, and
     * which has not been deleted yet. Never so in an engine whose keys do not expire.
     */
    default boolean newestHasExpired(
            int collection, byte[] key, int offset, int length, long keyHash, long nowMillis) {
        return false;
    }

    /**
     * Makes sure that applying effects of {@code operations} operations to collections of a tenant,
     * {@code bytes} bytes of them in others than deletions, can't fail for want of memory; false
     * when the tenant's account refuses. Deletions alone ({@code bytes} 0) are never refused: at
     * the memory limit they are the way out.
     */
    boolean reserve(int tenant, int operations, long bytes);

    /** As above, of the default tenant. */
    default boolean reserve(int operations, long bytes) {
        return reserve(Tenants.DEFAULT, operations, bytes);
    }

    /**
     * Installs one effect as its key's newest version. Idempotent in replay: an effect whose stamp
     * is positive and below the present version's is ignored. One commit may hold several effects
     * of a key, which come in order at one stamp, and the last of them lasts.
     *
     * @return a handle for {@link #stamp}; 0 when nothing needs stamping
     */
    long apply(EffectReader effect, long stamp);

    /**
     * The batch of a pending version is durable: it is committed at {@code lsn}. Versions that no
     * snapshot needs any more may go.
     */
    void stamp(int collection, long handle, long lsn);

    /**
     * Takes back a pending version that {@link #apply} returned the handle of; newest first.
     * Afterwards the key is as if the version had never been applied. Never fails; a handle of 0
     * and a collection that was dropped meanwhile are passed over.
     */
    void undo(int collection, long handle);

    /**
     * Appends deletions of what expired of a tenant by {@code context.nowMillis()}, at most {@code
     * maxOperations}, to the context's effects; they become a logged batch. A key is offered again
     * if its batch does not come.
     *
     * @return how many were appended
     */
    int expire(ExecutionContext context, int tenant, int maxOperations);

    /** As above, of the default tenant. */
    default int expire(ExecutionContext context, int maxOperations) {
        return expire(context, Tenants.DEFAULT, maxOperations);
    }

    /**
     * When {@link #expire} next has something to do, in epoch milliseconds; {@link Long#MAX_VALUE}
     * when never.
     */
    long nextExpiryMillis();

    /** True when something changed since the last published checkpoint. */
    boolean checkpointNeeded();

    /**
     * Starts a checkpoint of what changed (or of everything when {@code full}); at most one is
     * open.
     */
    CheckpointCursor beginCheckpoint(boolean full);

    /**
     * One slice of housekeeping of a tenant's collections (moving buckets, dropping versions that
     * no snapshot needs, giving memory back).
     *
     * @return true when there is more to do
     */
    boolean maintain(ExecutionContext context, int tenant);

    /** As above, of the default tenant. */
    default boolean maintain(ExecutionContext context) {
        return maintain(context, Tenants.DEFAULT);
    }

    /**
     * Begins to give back memory that deletions have left in pieces, when more than {@code
     * deadShare} of what is held is dead; {@link #maintain} then moves what lives, in slices. What
     * snapshots and calls under way read stays readable.
     *
     * @return true when it has begun; false when there is nothing to win, or one is under way
     */
    boolean compact(double deadShare);

    /**
     * Forgets a collection and frees its memory; slices of the work may be left to {@link
     * #maintain}.
     */
    void drop(int collection);

    /** Governed bytes held now. */
    long memoryBytes();

    /** Live keys (rows) of a collection as of its newest applied versions. */
    long count(int collection);

    /** Frees everything. */
    @Override
    void close();
}
