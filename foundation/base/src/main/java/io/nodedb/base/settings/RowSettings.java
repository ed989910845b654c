package io.nodedb.base.settings;

import java.time.Duration;
import java.util.List;

/** Numbers of the row store, per partition. */
public final class RowSettings {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    public static final Setting<Long> ROWS_MEMTABLE =
            Setting.bytes(
                    "rows_memtable",
                    32 * MIB,
                    64 * KIB,
                    GIB,
                    "Rows of a partition that are kept in memory before they are written to a"
                            + " file.");

    public static final Setting<Integer> ROWS_SEALED_MEMTABLES =
            Setting.count(
                    "rows_sealed_memtables",
                    3,
                    1,
                    64,
                    "Full memtables that may wait to be written before writes stop.");

    public static final Setting<Long> ROWS_BLOCK =
            Setting.bytes(
                    "rows_block",
                    16 * KIB,
                    KIB,
                    MIB,
                    "Size of a block of rows before compression: what one read of a row reads.");

    public static final Setting<Long> ROWS_FILE =
            Setting.bytes(
                    "rows_file", 32 * MIB, 64 * KIB, GIB, "Size at which a file of rows ends.");

    public static final Setting<Integer> ROWS_LEVEL_ZERO =
            Setting.count(
                    "rows_level_zero",
                    4,
                    1,
                    1_000,
                    "Files of level 0, which overlap, at which they are merged into level 1.");

    public static final Setting<Integer> ROWS_LEVEL_ZERO_SLOW =
            Setting.count(
                    "rows_level_zero_slow",
                    12,
                    2,
                    1_000,
                    "Files of level 0 at which writes slow down.");

    public static final Setting<Integer> ROWS_LEVEL_ZERO_STOP =
            Setting.count(
                    "rows_level_zero_stop", 24, 3, 1_000, "Files of level 0 at which writes stop.");

    public static final Setting<Long> ROWS_LEVEL_ONE =
            Setting.bytes(
                    "rows_level_one",
                    128 * MIB,
                    64 * KIB,
                    64 * GIB,
                    "Size of level 1; each level below holds ten times more.");

    public static final Setting<Integer> ROWS_FILTER_BITS =
            Setting.count(
                    "rows_filter_bits",
                    10,
                    0,
                    32,
                    "Bits of a filter per key: 10 let one in a hundred absent keys through, 0"
                            + " writes no filter.");

    public static final Setting<Long> ROWS_CACHE =
            Setting.bytes(
                    "rows_cache",
                    0,
                    0,
                    1L << 40,
                    "Blocks of rows kept in memory by all cores; 0 takes a quarter of the memory"
                            + " beside the heap.");

    public static final Setting<Duration> ROWS_RETRY =
            Setting.duration(
                    "rows_retry",
                    Duration.ofSeconds(5),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(10),
                    "Pause after writing a file of rows failed.");

    /** Every setting of this class. */
    public static final List<Setting<?>> ALL =
            List.of(
                    ROWS_MEMTABLE,
                    ROWS_SEALED_MEMTABLES,
                    ROWS_BLOCK,
                    ROWS_FILE,
                    ROWS_LEVEL_ZERO,
                    ROWS_LEVEL_ZERO_SLOW,
                    ROWS_LEVEL_ZERO_STOP,
                    ROWS_LEVEL_ONE,
                    ROWS_FILTER_BITS,
                    ROWS_CACHE,
                    ROWS_RETRY);

    private RowSettings() {}
}
