package io.nodedb.control.catalog;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where the catalog is kept and whom it tells. Stages complete on the lane thread, with a {@link
 * io.nodedb.base.errors.NodeDbException} when they fail.
 */
public interface CatalogStore {
    /** Every commit that was acknowledged so far is at or below this. */
    long acknowledgedLsn();

    /**
     * Writes entries in one durable commit. {@code CONFLICT} when one of their keys has a version
     * newer than {@code snapshotLsn}.
     *
     * @return the commit's LSN
     */
    CompletionStage<Long> commit(List<CatalogEntry> entries, long snapshotLsn);

    /** All entries as of now. */
    CompletionStage<List<CatalogEntry>> readAll();

    /** Makes a collection known to every core; it may be so already. */
    CompletionStage<Void> openOnCores(CollectionInfo collection);

    /** Makes every core forget a collection; it may have done so. */
    CompletionStage<Void> dropOnCores(CollectionInfo collection);
}
