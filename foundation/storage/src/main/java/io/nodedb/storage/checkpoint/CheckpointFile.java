package io.nodedb.storage.checkpoint;

import io.nodedb.base.ownership.Immutable;

/**
 * A finished file as the manifest lists it.
 *
 * @param number unique within the folder and never reused
 * @param checksum CRC32C over the header and all block headers, which hold the blocks' checksums
 * @param highestLsn highest LSN of an entry; 0 when there is none
 */
@Immutable
public record CheckpointFile(
        long number,
        CheckpointFileKind kind,
        long sizeBytes,
        long entries,
        long highestLsn,
        int checksum) {
    /** Name within the folder of its partition and engine. */
    public String name() {
        return kind.fileName(number);
    }
}
