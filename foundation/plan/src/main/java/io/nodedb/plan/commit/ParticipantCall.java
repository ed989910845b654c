package io.nodedb.plan.commit;

import io.nodedb.plan.Call;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a transaction that one core owns. With {@link #prepareOnly} false it is the whole
 * transaction: the core checks, logs and applies it as one batch. With true the core checks it,
 * locks its keys, logs PREPARE and answers the position in its WAL ring; the outcome then reaches
 * it through the log's acknowledgements only.
 */
public abstract class ParticipantCall extends Call {
    /** Unique since the database was started. */
    public long txnId;

    public boolean prepareOnly;

    /**
     * Answer to a prepare: the core's WAL ring must be drained to here before COMMIT is sequenced.
     */
    public long ringPosition;

    /** Where execution stands between quanta; the core's own. */
    public @Nullable Object progress;

    /** Names each partition that takes part in the decision, once. After the answer. */
    public abstract void eachPartition(IntConsumer partitions);

    @Override
    public void reset() {
        txnId = 0;
        prepareOnly = false;
        ringPosition = 0;
        progress = null;
    }
}
