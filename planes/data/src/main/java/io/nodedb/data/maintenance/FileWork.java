package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.core.LogView;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperJob;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.EngineFiles;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.WritePressure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of engines that keep files of their own: asks each for what is due, has background
 * workers make the jobs' slices no faster than the {@link IoBudget} allows, and gives the jobs
 * back. Where writers or a checkpoint wait, or the engine is to be replaced, slices are charged but
 * not held up.
 *
 * <p>A job that was begun always comes to its end, also when its engine is broken: it only reads
 * what never changes, and a half-written file would be nobody's. An engine that is recovering is
 * given back its jobs, and asked for no further ones.
 */
@CoreOwned
final class FileWork {
    /** An engine's changes are looked at no more often than that while nobody waits for them. */
    private static final long LOOK_NANOS = 1_000_000;

    private final CheckpointService service;
    private final CoreInbox inbox;
    private final LogView log;
    private final IoBudget io;
    private final Consumer<EngineSlot> rebuild;
    private final Map<EngineSlot, Place> places = new HashMap<>();
    private final List<Job> out = new ArrayList<>();
    private boolean waitsForBudget;
    private boolean stopping;
    private boolean listing;
    private @Nullable BackgroundFailure failure;

    /**
     * @param rebuild told of an engine that failed at taking a job back
     */
    FileWork(
            CheckpointService service,
            CoreInbox inbox,
            LogView log,
            IoBudget io,
            Consumer<EngineSlot> rebuild) {
        this.service = service;
        this.inbox = inbox;
        this.log = log;
        this.io = io;
        this.rebuild = rebuild;
    }

    /** What is known of one engine's work. */
    private static final class Place {
        /** Something happened: the engine may have work. */
        boolean dirty = true;

        /** A checkpoint waits. */
        boolean hastened;

        /** And somebody waits for the checkpoint. */
        boolean unsparing;

        long lookedNanos;
        long lookedLsn = -1;
        int jobs;
        @Nullable Throwable failure;

        /** What was stamped, and where the log stood, when coverage was last looked at. */
        long sampledLsn;

        long sampledPosition;
    }

    /**
     * Goes on with jobs and begins what is due.
     *
     * @return true when something was handed to the workers
     */
    boolean step(EngineSlot slot, EngineFiles files, long nowNanos, long stampedLsn) {
        Place place = placeOf(slot);
        if (slot.recovering()) {
            return false;
        }
        if (place.sampledLsn == 0) {
            sample(place, stampedLsn);
        }
        if (!mayHaveWork(place, files, nowNanos, stampedLsn)) {
            return false;
        }
        place.dirty = false;
        place.lookedNanos = nowNanos;
        place.lookedLsn = stampedLsn;
        boolean any = false;
        RowJob next = files.nextJob(stampedLsn, log.syncedLsn());
        while (next != null) {
            Job job = new Job(slot, files, next);
            place.jobs++;
            out.add(job);
            any = true;
            next = files.nextJob(stampedLsn, log.syncedLsn());
        }
        return any;
    }

    private boolean mayHaveWork(Place place, EngineFiles files, long nowNanos, long stampedLsn) {
        if (stopping) {
            return place.hastened;
        }
        if (place.dirty || place.hastened) {
            return true;
        }
        long since = nowNanos - place.lookedNanos;
        return since >= LOOK_NANOS
                && (stampedLsn != place.lookedLsn
                        || place.jobs > 0
                        || files.pressure() != WritePressure.NONE);
    }

    /** Hands slices of jobs to the workers. @return true when one was handed over */
    boolean moveOn(long nowNanos) {
        waitsForBudget = false;
        boolean any = listDamage();
        for (int i = 0; i < out.size(); i++) {
            Job job = out.get(i);
            if (job.withWorkers) {
                continue;
            }
            if (!io.mayMove(nowNanos) && !isUrgent(job)) {
                waitsForBudget = true;
                continue;
            }
            any |= job.submit();
        }
        return any;
    }

    private boolean listDamage() {
        if (listing || service.damage().isEmpty()) {
            return false;
        }
        listing =
                service.workers()
                        .submit(
                                new HelperJob(inbox) {
                                    @Override
                                    protected void work() {
                                        service.damage().listAll();
                                    }

                                    @Override
                                    protected void finished(@Nullable Throwable thrown) {
                                        listing = false;
                                    }
                                });
        return listing;
    }

    private boolean isUrgent(Job job) {
        return stopping
                || job.slot.recovering()
                || placeOf(job.slot).unsparing
                || job.files.pressure() == WritePressure.STOP;
    }

    /** Some job goes on as soon as the I/O budget allows. */
    boolean waitsForBudget() {
        return waitsForBudget;
    }

    /** From now on nothing is begun but what a checkpoint needs, and the disk is not spared. */
    void beginStop() {
        stopping = true;
    }

    /** No job of any engine is out. */
    boolean idle() {
        return out.isEmpty() && !listing;
    }

    /** No job of the engine is out. */
    boolean idle(EngineSlot slot) {
        return placeOf(slot).jobs == 0;
    }

    /** A job of any engine has failed since this was last asked; to be told. */
    @Nullable BackgroundFailure takeFailure() {
        BackgroundFailure failed = failure;
        failure = null;
        return failed;
    }

    /** A checkpoint of the engine begins: its work is looked for in every turn. */
    void hasten(EngineSlot slot) {
        Place place = placeOf(slot);
        place.hastened = true;
        place.failure = null;
    }

    /** And is not held up by the I/O budget. */
    void sparesNoDisk(EngineSlot slot) {
        placeOf(slot).unsparing = true;
    }

    /** Why a job of the engine has failed since its checkpoint began. */
    @Nullable Throwable failure(EngineSlot slot) {
        return placeOf(slot).failure;
    }

    /** The engine's checkpoint has ended. */
    void hasEnded(EngineSlot slot) {
        Place place = placeOf(slot);
        place.hastened = false;
        place.unsparing = false;
    }

    private Place placeOf(EngineSlot slot) {
        Place place = places.get(slot);
        if (place == null) {
            place = new Place();
            places.put(slot, place);
        }
        return place;
    }

    private void sample(Place place, long stampedLsn) {
        place.sampledLsn = stampedLsn;
        place.sampledPosition = log.position();
    }

    private void covered(EngineSlot slot, Place place, EngineFiles files) {
        long covered = files.coveredLsn();
        if (covered <= slot.coveredLsn()) {
            return;
        }
        if (covered >= place.sampledLsn) {
            slot.setCovered(covered, place.sampledPosition);
            sample(place, Math.max(covered, place.lookedLsn));
        } else {
            slot.setCovered(covered, slot.coveredPosition());
        }
        service.covered(slot.partition(), slot.engineId(), covered);
    }

    /** One job of one engine, a slice at a time. */
    private final class Job extends HelperJob {
        private final EngineSlot slot;
        private final EngineFiles files;
        private final RowJob job;
        private boolean withWorkers;
        private boolean more;
        private long charged;

        Job(EngineSlot slot, EngineFiles files, RowJob job) {
            super(inbox);
            this.slot = slot;
            this.files = files;
            this.job = job;
        }

        boolean submit() {
            withWorkers = service.workers().submit(this);
            return withWorkers;
        }

        @Override
        protected void work() throws Exception {
            more = job.step();
        }

        @Override
        protected void finished(@Nullable Throwable thrown) {
            withWorkers = false;
            io.moved(job.bytesMoved() - charged);
            charged = job.bytesMoved();
            if (thrown == null && more) {
                return;
            }
            out.remove(this);
            Place place = placeOf(slot);
            place.jobs--;
            place.dirty = true;
            if (thrown != null) {
                place.failure = thrown;
                failure = new BackgroundFailure(job.kind() + " of " + slot, thrown);
            }
            giveBack(place, thrown);
        }

        private void giveBack(Place place, @Nullable Throwable thrown) {
            try {
                files.finished(job, thrown);
                if (!slot.recovering()) {
                    covered(slot, place, files);
                }
            } catch (Throwable broken) {
                if (!slot.recovering()) {
                    slot.markRecovering();
                    rebuild.accept(Objects.requireNonNull(slot));
                }
                throw broken;
            }
        }
    }
}
