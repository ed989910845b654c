package io.nodedb.data.partition;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineFiles;
import org.jspecify.annotations.Nullable;

/**
 * The place of one engine in one partition. The engine behind it is replaced when it has to be
 * rebuilt; until then the slot answers that it is recovering, and what is still stamped goes
 * nowhere.
 */
@CoreOwned
public final class EngineSlot {
    /** Between two writes while background work lags behind. */
    private static final long SLOW_WRITE_NANOS = 200_000;

    private final int partition;
    private final int engineId;
    private Engine engine;
    private @Nullable EngineFiles files;
    private long nextWriteNanos;
    private boolean slowed;
    private boolean recovering;
    private boolean lost;
    private long coveredLsn;
    private long coveredPosition;

    public EngineSlot(int partition, int engineId, Engine engine, long coveredLsn) {
        this.partition = partition;
        this.engineId = engineId;
        this.engine = engine;
        this.files = engine.files();
        this.coveredLsn = coveredLsn;
    }

    public int partition() {
        return partition;
    }

    public int engineId() {
        return engineId;
    }

    public Engine engine() {
        return engine;
    }

    /** The engine's own files; null when it has none. */
    public @Nullable EngineFiles files() {
        return files;
    }

    /**
     * Must a write wait, because the work that brings rows from memory into files lags behind? When
     * it lags a little, writes come at a measured pace.
     */
    public boolean holdsWrites(long nowNanos) {
        EngineFiles own = files;
        if (own == null) {
            return false;
        }
        return switch (own.pressure()) {
            case NONE -> {
                slowed = false;
                yield false;
            }
            case STOP -> true;
            case SLOW -> {
                if (slowed && nowNanos - nextWriteNanos < 0) {
                    yield true;
                }
                slowed = true;
                nextWriteNanos = nowNanos + SLOW_WRITE_NANOS;
                yield false;
            }
        };
    }

    public boolean recovering() {
        return recovering;
    }

    /** The engine's state can't be trusted any more. */
    public void markRecovering() {
        recovering = true;
    }

    /** Puts a rebuilt engine in the place of the broken one and closes that. */
    public void replace(Engine rebuilt) {
        Engine broken = engine;
        engine = rebuilt;
        files = rebuilt.files();
        recovering = false;
        broken.close();
    }

    /** The published checkpoint contains every commit up to here. */
    public long coveredLsn() {
        return coveredLsn;
    }

    /** Where the log stood when that checkpoint began. */
    public long coveredPosition() {
        return coveredPosition;
    }

    public void setCovered(long lsn, long position) {
        coveredLsn = lsn;
        coveredPosition = position;
    }

    /**
     * No checkpoint is whole and the log does not hold everything: the content is lost until it is
     * restored.
     */
    public void markLost() {
        recovering = true;
        lost = true;
    }

    public boolean lost() {
        return lost;
    }

    @Override
    public String toString() {
        return "partition=" + partition + " engine=" + engineId;
    }
}
