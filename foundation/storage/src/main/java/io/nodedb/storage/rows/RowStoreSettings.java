package io.nodedb.storage.rows;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.settings.RowSettings;
import io.nodedb.base.settings.Settings;

/**
 * Numbers of the row store, per partition; {@link RowSettings} sets them.
 *
 * @param memtableBytes at this size a memtable is sealed
 * @param sealedMemtables sealed memtables at which writers must stop
 * @param blockBytes size of a data block before compression
 * @param fileBytes size at which an output file ends
 * @param levelZeroFiles files in level 0 at which it is compacted
 * @param levelZeroSlow files in level 0 at which writers are slowed
 * @param levelZeroStop files in level 0 at which writers must stop
 * @param levelOneBytes size of level 1; each further level holds {@code levelRatio} times more
 * @param levelRatio growth from level to level
 * @param filterBitsPerKey bits of a filter per key; 0 writes none
 * @param retryPauseNanos pause after background work failed
 */
@Immutable
public record RowStoreSettings(
        long memtableBytes,
        int sealedMemtables,
        int blockBytes,
        long fileBytes,
        int levelZeroFiles,
        int levelZeroSlow,
        int levelZeroStop,
        long levelOneBytes,
        int levelRatio,
        int filterBitsPerKey,
        long retryPauseNanos) {
    /** Growth from level to level: read cost grows with its inverse, write cost with it. */
    private static final int DEFAULT_RATIO = 10;

    /** What the process was started with. */
    public static RowStoreSettings of(Settings settings) {
        return new RowStoreSettings(
                settings.get(RowSettings.ROWS_MEMTABLE),
                settings.get(RowSettings.ROWS_SEALED_MEMTABLES),
                Math.toIntExact(settings.get(RowSettings.ROWS_BLOCK)),
                settings.get(RowSettings.ROWS_FILE),
                settings.get(RowSettings.ROWS_LEVEL_ZERO),
                settings.get(RowSettings.ROWS_LEVEL_ZERO_SLOW),
                settings.get(RowSettings.ROWS_LEVEL_ZERO_STOP),
                settings.get(RowSettings.ROWS_LEVEL_ONE),
                DEFAULT_RATIO,
                settings.get(RowSettings.ROWS_FILTER_BITS),
                settings.get(RowSettings.ROWS_RETRY).toNanos());
    }

    /** The defaults. */
    public static RowStoreSettings defaults() {
        return new RowStoreSettings(
                RowSettings.ROWS_MEMTABLE.defaultValue(),
                RowSettings.ROWS_SEALED_MEMTABLES.defaultValue(),
                Math.toIntExact(RowSettings.ROWS_BLOCK.defaultValue()),
                RowSettings.ROWS_FILE.defaultValue(),
                RowSettings.ROWS_LEVEL_ZERO.defaultValue(),
                RowSettings.ROWS_LEVEL_ZERO_SLOW.defaultValue(),
                RowSettings.ROWS_LEVEL_ZERO_STOP.defaultValue(),
                RowSettings.ROWS_LEVEL_ONE.defaultValue(),
                DEFAULT_RATIO,
                RowSettings.ROWS_FILTER_BITS.defaultValue(),
                RowSettings.ROWS_RETRY.defaultValue().toNanos());
    }
}
