package io.nodedb.storage.checkpoint;

import io.nodedb.base.ids.Lsn;
import io.nodedb.storage.quarantine.DamageKind;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.quarantine.QuarantinedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the newest checkpoint that is whole and from which the log can continue.
 *
 * <p>The manifest is tried first, then the one before. A damaged file is set aside and listed. When
 * neither serves, nothing else is touched: the evidence stays, every later start finds the same,
 * and the caller answers for this partition and engine that it is quarantined. Runs on the thread
 * that opens the partition.
 */
public final class CheckpointLoader {
    /** How loading ended. */
    public enum Outcome {
        /**
         * There never was a checkpoint here: the log holds everything. Call {@link
         * ManifestStore#begin}.
         */
        EMPTY,
        /** The newest checkpoint was loaded. */
        LOADED,
        /**
         * The newest was damaged, the one before was loaded, and the log continues from it: nothing
         * is lost.
         */
        FELL_BACK,
        /** No checkpoint is whole, or the log does not reach back to it. The target is empty. */
        LOST
    }

    /**
     * @param coveredLsn replay starts after it; {@link Lsn#NONE} when nothing was loaded
     * @param highestLsn known to be in the log: at least this far it was synced
     * @param damages what was found and listed
     */
    public record Result(
            Outcome outcome, long coveredLsn, long highestLsn, List<QuarantinedFile> damages) {}

    private final ManifestStore store;
    private final QuarantineRegistry quarantine;
    private final List<QuarantinedFile> damages = new ArrayList<>();
    private long highestLsn;

    private CheckpointLoader(ManifestStore store, QuarantineRegistry quarantine) {
        this.store = store;
        this.quarantine = quarantine;
    }

    /**
     * @param logReachesBackTo every record with a higher LSN is still in the log; {@link Lsn#NONE}
     *     when nothing was ever cut
     */
    public static Result load(
            ManifestStore store,
            long logReachesBackTo,
            CheckpointTarget target,
            QuarantineRegistry quarantine)
            throws IOException {
        return new CheckpointLoader(store, quarantine).run(logReachesBackTo, target);
    }

    private Result run(long logReachesBackTo, CheckpointTarget target) throws IOException {
        boolean hadManifest =
                store.exists(ManifestStore.MANIFEST) || store.exists(ManifestStore.PREVIOUS);
        if (!hadManifest) {
            target.begin();
            return result(Outcome.EMPTY, Lsn.NONE);
        }
        if (!store.exists(ManifestStore.MANIFEST)) {
            damages.add(
                    quarantine.report(
                            DamageKind.MANIFEST,
                            store.path(ManifestStore.MANIFEST),
                            0,
                            "the file is missing",
                            store.owner().describe()));
        }
        Manifest newest = read(ManifestStore.MANIFEST);
        Manifest before = read(ManifestStore.PREVIOUS);
        if (newest != null && load(newest, logReachesBackTo, target)) {
            store.use(newest, before);
            store.deleteUnreferenced();
            return result(Outcome.LOADED, newest.coveredLsn());
        }
        if (before != null && load(before, logReachesBackTo, target)) {
            store.use(before, null);
            return result(Outcome.FELL_BACK, before.coveredLsn());
        }
        target.begin();
        return result(Outcome.LOST, Lsn.NONE);
    }

    private Result result(Outcome outcome, long coveredLsn) {
        return new Result(outcome, coveredLsn, highestLsn, List.copyOf(damages));
    }

    private @Nullable Manifest read(String name) throws IOException {
        try {
            Manifest manifest = store.read(name);
            if (manifest != null) {
                highestLsn = Math.max(highestLsn, manifest.highestLsn());
                store.noteNumber(manifest);
            }
            return manifest;
        } catch (DamagedFileException damage) {
            damages.add(quarantine.report(DamageKind.MANIFEST, damage, store.owner().describe()));
            return null;
        }
    }

    private boolean load(Manifest manifest, long logReachesBackTo, CheckpointTarget target)
            throws IOException {
        if (manifest.coveredLsn() < logReachesBackTo) {
            return false;
        }
        target.begin();
        for (CheckpointFile file : manifest.files()) {
            try (CheckpointFileReader reader = store.open(file)) {
                while (reader.next()) {
                    target.load(reader.effect(), reader.lsn());
                }
            } catch (DamagedFileException damage) {
                damages.add(
                        quarantine.report(
                                DamageKind.CHECKPOINT,
                                damage,
                                store.owner().describe() + ", " + file.kind()));
                return false;
            }
        }
        return true;
    }
}
