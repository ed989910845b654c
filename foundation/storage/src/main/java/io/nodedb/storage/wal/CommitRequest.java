package io.nodedb.storage.wal;

import java.util.Arrays;

/**
 * A coordinator's decision about a prepared transaction, and the writer's answer. One object per
 * outstanding decision, reused; whoever holds it owns it: the coordinator until {@link
 * CommitPort#submit}, the writer until it comes back from {@link CommitPort#poll}.
 */
public final class CommitRequest {
    private static final int INITIAL_PARTICIPANTS = 4;

    private long txnId;
    private boolean commit;
    private int flags;
    private long originReplica;
    private long originMutation;
    private int[] cores = new int[INITIAL_PARTICIPANTS];
    private long[] ringPositions = new long[INITIAL_PARTICIPANTS];
    private int coreCount;
    private int[] partitions = new int[INITIAL_PARTICIPANTS];
    private int partitionCount;
    private long lsn;
    private int error;

    /**
     * Starts a COMMIT; {@code flags} as {@link RecordFormat#flags} makes them. {@code txnId} is not
     * 0 and unique since the database was started.
     */
    public CommitRequest commit(long txnId, int flags, long originReplica, long originMutation) {
        reset(txnId, true, flags);
        this.originReplica = originReplica;
        this.originMutation = originMutation;
        return this;
    }

    /** Starts an ABORT, which nobody has to wait for. */
    public CommitRequest abort(long txnId) {
        reset(txnId, false, RecordFormat.ASYNC);
        this.originReplica = 0;
        this.originMutation = 0;
        return this;
    }

    private void reset(long id, boolean isCommit, int recordFlags) {
        txnId = id;
        commit = isCommit;
        flags = recordFlags;
        coreCount = 0;
        partitionCount = 0;
        lsn = 0;
        error = 0;
    }

    /** A core that prepared, and the ring position that its PREPARE's publishing returned. */
    public CommitRequest core(int core, long ringPosition) {
        if (coreCount == cores.length) {
            cores = Arrays.copyOf(cores, coreCount * 2);
            ringPositions = Arrays.copyOf(ringPositions, coreCount * 2);
        }
        cores[coreCount] = core;
        ringPositions[coreCount] = ringPosition;
        coreCount++;
        return this;
    }

    /** A partition that takes part; it gets a log index. */
    public CommitRequest partition(int partition) {
        if (partitionCount == partitions.length) {
            partitions = Arrays.copyOf(partitions, partitionCount * 2);
        }
        partitions[partitionCount++] = partition;
        return this;
    }

    public long txnId() {
        return txnId;
    }

    /** COMMIT or ABORT? */
    public boolean commits() {
        return commit;
    }

    int flags() {
        return flags;
    }

    long originReplica() {
        return originReplica;
    }

    long originMutation() {
        return originMutation;
    }

    int coreCount() {
        return coreCount;
    }

    int coreAt(int i) {
        return cores[i];
    }

    long ringPositionAt(int i) {
        return ringPositions[i];
    }

    int partitionCount() {
        return partitionCount;
    }

    int partitionAt(int i) {
        return partitions[i];
    }

    void answer(long answeredLsn, int errorNumber) {
        lsn = answeredLsn;
        error = errorNumber;
    }

    /** Answer: the commit's LSN; 0 on an error. */
    public long lsn() {
        return lsn;
    }

    /**
     * Answer: 0, or the number of STORAGE_FAILED (it is not in the log) or OUTCOME_UNKNOWN (that
     * shows at the next start).
     */
    public int error() {
        return error;
    }
}
