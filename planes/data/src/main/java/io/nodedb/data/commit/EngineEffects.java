package io.nodedb.data.commit;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import java.util.Objects;

/**
 * What effects do to engines: reserved, applied, stamped, taken back. An engine that fails where it
 * must not is marked as recovering and reported; what is still stamped or taken back there goes
 * nowhere.
 */
@CoreOwned
final class EngineEffects {
    private final Partitions partitions;
    private final EngineFaults faults;
    private final NeededMemory needed;
    private final EffectReader reader = new EffectReader();

    EngineEffects(Partitions partitions, EngineFaults faults, MemoryGovernor governor) {
        this.needed = new NeededMemory(governor);
        this.partitions = partitions;
        this.faults = faults;
    }

    /**
     * Makes sure that every engine serves, every collection is there, and applying can't fail for
     * want of memory. @return {@link CommitResult#ACCEPTED} or the number of an error
     */
    int reserve(SectionedEffects effects) {
        for (int i = 0; i < effects.count(); i++) {
            int refused = reserve(effects.partition(i), effects.effects(i), 0);
            if (refused != CommitResult.ACCEPTED) {
                return refused;
            }
        }
        return CommitResult.ACCEPTED;
    }

    /** As {@link #reserve(SectionedEffects)}, of a section's operations from this byte on. */
    int reserve(int partition, Effects section, int from) {
        reader.wrap(section.bytes(), from, section.length() - from);
        needed.reset();
        EngineSlot slot = null;
        while (reader.next()) {
            if (slot == null || reader.engine() != slot.engineId()) {
                slot = partitions.slot(partition, reader.engine());
                if (slot.recovering()) {
                    return ErrorCode.COLLECTION_RECOVERING.number();
                }
            }
            if (!partitions.known(reader.collection())) {
                return ErrorCode.NOT_FOUND.number();
            }
            // The prior value goes into the log, not into the engine.
            needed.add(
                    slot,
                    partitions.tenantOf(reader.collection()),
                    reader.kind() == EffectFormat.DELETE
                            ? 0
                            : reader.operationBytes() - reader.priorLength());
        }
        if (needed.reserve()) {
            return CommitResult.ACCEPTED;
        }
        return needed.tenantRefused()
                ? ErrorCode.RESOURCES_EXHAUSTED.number()
                : ErrorCode.OUT_OF_MEMORY.number();
    }

    /** Why {@link #reserve} has last answered RESOURCES_EXHAUSTED. */
    String budgetRefusal() {
        return needed.refusal();
    }

    /** Applies all sections as pending. On a failure every engine that was touched recovers. */
    void apply(SectionedEffects effects, long stamp, AppliedVersions versions) {
        try {
            for (int i = 0; i < effects.count(); i++) {
                apply(effects.partition(i), effects.effects(i), 0, stamp, versions);
            }
        } catch (Throwable failure) {
            for (int i = 0; i < versions.size(); i++) {
                engineBroken(versions.slot(i));
            }
            throw failure;
        }
    }

    /**
     * Applies a section's operations from this byte on as pending. On a failure the engine recovers
     * that failed; what others have applied is in {@code versions}.
     */
    void apply(int partition, Effects section, int from, long stamp, AppliedVersions versions) {
        EngineSlot slot = null;
        try {
            reader.wrap(section.bytes(), from, section.length() - from);
            while (reader.next()) {
                slot = partitions.slot(partition, reader.engine());
                versions.add(slot, reader.collection(), slot.engine().apply(reader, stamp));
            }
        } catch (Throwable failure) {
            engineBroken(Objects.requireNonNull(slot));
            throw failure;
        }
    }

    /** Applies a section of a transaction that is committed. */
    void applyCommitted(int partition, Effects section, long lsn) {
        reader.wrap(section.bytes(), 0, section.length());
        while (reader.next()) {
            EngineSlot slot = partitions.slot(partition, reader.engine());
            if (slot.recovering() || !partitions.known(reader.collection())) {
                continue;
            }
            try {
                slot.engine().apply(reader, lsn);
            } catch (Throwable failure) {
                slot.markRecovering();
                faults.engineFailed(slot, "apply", failure);
            }
        }
    }

    /** The versions are committed. */
    void stamp(AppliedVersions versions, long lsn) {
        for (int i = 0; i < versions.size(); i++) {
            if (!serves(versions, i)) {
                continue;
            }
            EngineSlot slot = versions.slot(i);
            try {
                slot.engine().stamp(versions.collection(i), versions.handle(i), lsn);
            } catch (Throwable failure) {
                slot.markRecovering();
                faults.engineFailed(slot, "stamp", failure);
            }
        }
    }

    /** Takes the versions back, newest first. */
    void undo(AppliedVersions versions) {
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (!serves(versions, i)) {
                continue;
            }
            EngineSlot slot = versions.slot(i);
            try {
                slot.engine().undo(versions.collection(i), versions.handle(i));
            } catch (Throwable failure) {
                slot.markRecovering();
                faults.engineFailed(slot, "undo", failure);
            }
        }
        versions.clear();
    }

    /** Is every engine that holds one of these versions still in its place, and does it serve? */
    boolean intact(AppliedVersions versions) {
        for (int i = 0; i < versions.size(); i++) {
            if (versions.slot(i).recovering() || !versions.inPlace(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean serves(AppliedVersions versions, int i) {
        // Also of a collection that was dropped: engines pass over what they do not know.
        return !versions.slot(i).recovering() && versions.inPlace(i);
    }

    boolean feeds(SectionedEffects effects) {
        for (int i = 0; i < effects.count(); i++) {
            if (feeds(effects.effects(i))) {
                return true;
            }
        }
        return false;
    }

    boolean feeds(Effects section) {
        reader.wrap(section.bytes(), 0, section.length());
        while (reader.next()) {
            if (partitions.hasFeed(reader.collection())) {
                return true;
            }
        }
        return false;
    }

    private void engineBroken(EngineSlot slot) {
        if (!slot.recovering()) {
            slot.markRecovering();
            faults.engineBroken(slot);
        }
    }
}
