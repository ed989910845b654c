package io.nodedb.storage.rows;

import io.nodedb.storage.quarantine.DamagedFileException;

/**
 * Where a store says that a file of it is damaged: the quarantine registry, on whatever thread may
 * block. Called on the core that met it, once per file; must return at once.
 */
@FunctionalInterface
public interface DamageReports {
    /**
     * @param covered what is in doubt, for people
     */
    void damaged(DamagedFileException damage, String covered);
}
