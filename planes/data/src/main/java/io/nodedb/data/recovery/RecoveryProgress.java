package io.nodedb.data.recovery;

import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How far the opening of a database has come, for somebody who waits for it. The opening threads
 * tell, every thread may read.
 */
@Shared("adders and a volatile field")
public final class RecoveryProgress {
    private volatile String step = "locking the directory";
    private final AtomicLong checkpoints = new AtomicLong();
    private final LongAdder checkpointsLoaded = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private volatile long lastLsn;

    /** A new part of the work begins. */
    public void begin(String what) {
        step = what;
    }

    /** So many checkpoints are to be loaded, one for each engine of each partition. */
    public void expectCheckpoints(int count) {
        checkpoints.set(count);
    }

    void checkpointEntry() {
        entries.increment();
    }

    void checkpointLoaded() {
        checkpointsLoaded.increment();
    }

    void replayed(long lsn) {
        commits.increment();
        lastLsn = lsn;
    }

    /** Checkpoints loaded so far. */
    public long checkpointsLoaded() {
        return checkpointsLoaded.sum();
    }

    /** Commits read again from the log so far; one that touches several cores counts for each. */
    public long commitsReplayed() {
        return commits.sum();
    }

    /** In one line, for people. */
    public String describe() {
        String text = "step=" + step;
        if (checkpoints.get() > 0) {
            text +=
                    " checkpoints="
                            + checkpointsLoaded.sum()
                            + "/"
                            + checkpoints.get()
                            + " entries="
                            + entries.sum();
        }
        if (commits.sum() > 0) {
            text += " commits=" + commits.sum() + " at=" + Lsn.toString(lastLsn);
        }
        return text;
    }
}
