package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.segment.BulkFiles;
import io.nodedb.storage.rows.segment.BulkWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Versioned rows of one partition, ordered by (keyspace, key bytes unsigned), in memory and in
 * immutable sorted files; as many as the disk holds.
 *
 * <pre>
 *   put, delete ─► active memtable ─seal─► sealed memtables ─FlushJob─► level 0 ─CompactionJob─► level 1 … n
 *                                                          └── a PublishJob makes either count, never ahead of the log
 * </pre>
 *
 * <p><b>Stamps.</b> A version is stamped with its commit's LSN (positive), or, while its record is
 * not durable, with minus its batch's sequence. {@link #stamp} replaces the latter by the former in
 * the order of the log, {@link #undo} takes it back.
 *
 * <p><b>Reads never block.</b> When a block is not in the cache, a read answers {@link #MISS} and
 * lists what it wants in the caller's {@link BlockRequests}. The caller has an I/O thread run
 * {@link BlockRequests#load()}, and reads again with the same requests, which hold the blocks in
 * the cache meanwhile; when it has its answer, it calls {@link BlockRequests#clear}.
 *
 * <p><b>Background work</b> is handed out by {@link #nextJob}: the owner has a worker call {@link
 * RowJob#step} until it is done and gives the job back with {@link #finished}. Nothing else touches
 * the disk.
 *
 * <p><b>Failures.</b> Damage found by a read is a {@link
 * io.nodedb.storage.quarantine.DamagedFileException} that names file and offset, and is reported
 * once through {@link DamageReports}; merges leave damage out ({@link #lostRanges}); a block cache
 * that can hold no further block is {@code RESOURCES_EXHAUSTED}. Installing writes never fails
 * after {@link #reserve}.
 *
 * <p>Owned by one core. Reads that hit allocate nothing once their target has grown. Source: O'Neil
 * et al., "The Log-Structured Merge-Tree", 1996; levels as in Ghemawat and Dean's LevelDB.
 */
@CoreOwned
public interface RowStore extends AutoCloseable {
    /** The key has no value at that LSN. */
    int ABSENT = 0;

    /** The key has a value, which is in the target. */
    int FOUND = 1;

    /** A block must be read first: the requests name it. */
    int MISS = -1;

    /** A cursor passed over many rows that are not visible; the same move goes on from there. */
    int AGAIN = -2;

    /** Longest key in bytes: a key is part of every index above it, so it stays small. */
    int MAX_KEY_BYTES = 16 * 1024;

    /** Longest value in bytes. */
    int MAX_VALUE_BYTES = 64 * 1024 * 1024;

    /** Most deletions of ranges that are kept at a time. */
    int MAX_RANGES = 1024;

    /** Makes a keyspace known, before any use of it. May be called again. */
    void openKeyspace(int keyspace);

    /**
     * Purges a keyspace: nothing of it is ever read again, its files shrink with the next
     * compactions. The number is never used again. To be repeated after a restart, since it is not
     * logged here.
     */
    void dropKeyspace(int keyspace);

    /**
     * Reads one row.
     *
     * @param readLsn newest committed version at or below it; 0 reads the newest applied version,
     *     pending or not
     * @param target gets the value and its stamp; when {@link #ABSENT}, the stamp of the deletion
     *     that is still remembered, or 0
     * @return {@link #FOUND}, {@link #ABSENT} or {@link #MISS}
     */
    int get(
            int keyspace,
            byte[] key,
            int offset,
            int length,
            long readLsn,
            RowTarget target,
            BlockRequests requests);

    /** A cursor without a position, to be reused: {@link RowCursor#open} gives it its range. */
    RowCursor newCursor();

    /**
     * Makes sure that applying {@code operations} writes of {@code bytes} key and value bytes can't
     * fail for want of memory; false when the governor refuses. Deletions alone ({@code bytes} 0)
     * are never refused. Between two batches this is where a full memtable is sealed.
     */
    boolean reserve(int operations, long bytes);

    /** Whether writers should slow down or stop until background work has caught up. */
    WritePressure pressure();

    /**
     * Installs a value as its key's newest version. A commit may write a key several times; the
     * last lasts. In replay, what is covered already is passed over.
     *
     * @param rowsAdded what the write does to the number of the keyspace's rows, which the writer
     *     knows and the store believes: 1, 0 or -1
     * @param stamp LSN, or minus the batch's sequence
     * @return a handle for {@link #stamp} and {@link #undo}; 0 when nothing needs stamping
     */
    long put(
            int keyspace,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            int rowsAdded,
            long stamp);

    /** Installs a deletion; as {@link #put}. */
    long delete(int keyspace, byte[] key, int keyOffset, int keyLength, int rowsAdded, long stamp);

    /**
     * Rows of a keyspace as of its newest applied versions: the sum of what its writes said. It is
     * kept in the manifest and so survives as the rows do; deletions of ranges and bulk loads are
     * not in it.
     */
    long rows(int keyspace);

    /**
     * Installs the deletion of every key from {@code from} (inclusive) to {@code to} (exclusive;
     * null is the keyspace's end). It precedes the other writes of its own commit, wherever they
     * stand in it.
     *
     * @return a handle as {@link #put}
     */
    long deleteRange(int keyspace, byte[] from, byte @Nullable [] to, long stamp);

    /** Whether another {@link #deleteRange} has room; part of preparing it. */
    boolean rangeFits();

    /** The batch of a pending version is durable at {@code lsn}; in the order of the log. */
    void stamp(long handle, long lsn);

    /** Takes a pending version back; newest first. */
    void undo(long handle);

    /** Has what is in memory written out soon, as at a clean stop, whatever its size. */
    void seal();

    /**
     * The next piece of background work, or null. May be called at any time; every job that was
     * handed out comes back through {@link #finished}.
     *
     * @param stampedLsn every commit up to it has been stamped here
     * @param syncedLsn the log is synced up to it
     */
    @Nullable RowJob nextJob(long stampedLsn, long syncedLsn);

    /**
     * A worker is done with a job.
     *
     * @param failure what {@link RowJob#step} threw; the work is repeated after a pause
     */
    void finished(RowJob job, @Nullable Throwable failure);

    /** A writer of sorted files for {@link #ingest}, to be used by one background thread. */
    BulkWriter newBulkWriter();

    /**
     * Takes over the files of a {@link BulkWriter}, which count all together or not at all. They
     * are visible, and last, once {@link #pendingIngests} is 0 again: only then may the load be
     * acknowledged; after a crash before that it never was.
     *
     * @param lsn LSN of a record that was logged for the load, stamped and synced; all rows get it
     */
    void ingest(BulkFiles files, long lsn);

    /** Ingests that are not published yet. */
    int pendingIngests();

    /**
     * What damage has taken for good: a merge met it, left it out, and moved the file aside. Reads
     * that it may concern throw; newer writes, and deletions of the whole range, heal it.
     */
    List<LostRange> lostRanges();

    /** Reads are told no more of a loss; what was lost counts as never written. */
    void acceptLoss(LostRange range);

    /** Everything committed up to this LSN is in published files: replay may start after it. */
    long coveredLsn();

    /** Governed bytes held now, the shared block cache not included. */
    long memoryBytes();

    RowStoreStatistics statistics();

    /** Governed bytes of memtables: what flushing gives back. */
    long memtableBytes();

    /** Nothing is in memory only: everything applied is in published files. */
    boolean isWrittenOut();

    /**
     * Gives the store up while jobs are out, as when its core starts over: no further job is handed
     * out, those that are still come back through {@link #finished}, whether they ran or not, and
     * with the last of them the store is {@linkplain #isClosed closed}. A publication among them
     * may have counted. The folder must not be opened again before.
     */
    void abandon();

    /** True once memory is freed and files are closed. */
    boolean isClosed();

    /**
     * Frees memory and closes files. No worker may be at a job; what one that never came back has
     * written is deleted at the next start.
     */
    @Override
    void close();
}
