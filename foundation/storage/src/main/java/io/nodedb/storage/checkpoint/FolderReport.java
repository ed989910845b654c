package io.nodedb.storage.checkpoint;

import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * What a check of the folder of one partition and engine found.
 *
 * @param findings one sentence for each damage
 * @param files that the manifests list and that were read
 * @param entries or versions in them
 * @param highestLsn in a readable manifest
 * @param coveredLsn of the manifest that counts; {@link Lsn#NONE} when there is none
 * @param published there is a manifest, readable or not
 */
@Immutable
public record FolderReport(
        List<String> findings,
        long files,
        long entries,
        long highestLsn,
        long coveredLsn,
        boolean published) {
    public FolderReport {
        findings = List.copyOf(findings);
    }
}
