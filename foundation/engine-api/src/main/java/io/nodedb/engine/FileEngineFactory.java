package io.nodedb.engine;

import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import java.io.IOException;

/**
 * Makes engines whose state lies in files of their own, instead of in checkpoints that the core
 * writes for them ({@link Engine#files}).
 *
 * <p>{@link #create} opens what the folder holds, as far as its manifest counts it; replay from
 * {@link EngineFiles#coveredLsn} follows. It throws {@link
 * io.nodedb.storage.quarantine.DamagedFileException} when no manifest is whole: then {@link
 * #createLost} stands in for the engine, and nothing in the folder is touched. All methods block on
 * the disk.
 */
public interface FileEngineFactory extends EngineFactory {
    /** Nothing was ever published in this folder, nor written. */
    boolean isNew(Disk disk, String directory, CheckpointOwner owner) throws IOException;

    /** Makes a folder of a partition that begins; from then on a missing manifest is a loss. */
    void begin(Disk disk, String directory, CheckpointOwner owner, long incarnation)
            throws IOException;

    /**
     * Up to which commit the log is known to have been synced, from what the folder's manifest
     * says; 0 when there is none that is whole.
     */
    long highestLsn(Disk disk, String directory, CheckpointOwner owner) throws IOException;

    /** An empty engine that is never asked for anything, in the place of what is lost. */
    Engine createLost(EngineEnvironment environment);
}
