package io.nodedb.storage.checkpoint;

import org.jspecify.annotations.Nullable;

/** What a checkpoint file holds. The number is in the file's header, the suffix in its name. */
public enum CheckpointFileKind {
    /** The newest version of every live key; no deletions. */
    BASE(1, ".base"),
    /** What changed since the file before: versions and deletions. */
    DELTA(2, ".delta"),
    /** Scratch of a merge, never in a manifest. */
    SPILL(3, ".spill");

    /** Suffix of a file that is being written. */
    static final String UNFINISHED = ".tmp";

    private final int number;
    private final String suffix;

    CheckpointFileKind(int number, String suffix) {
        this.number = number;
        this.suffix = suffix;
    }

    int number() {
        return number;
    }

    static @Nullable CheckpointFileKind ofNumber(int number) {
        return switch (number) {
            case 1 -> BASE;
            case 2 -> DELTA;
            case 3 -> SPILL;
            default -> null;
        };
    }

    String fileName(long fileNumber) {
        return String.format("%016x%s", fileNumber, suffix);
    }

    static String unfinishedName(long fileNumber) {
        return String.format("%016x%s", fileNumber, UNFINISHED);
    }

    /** The number in the name of a file of this package; -1 when the name is not one. */
    static long fileNumber(String name) {
        boolean ours = name.endsWith(UNFINISHED);
        for (CheckpointFileKind kind : values()) {
            ours |= name.endsWith(kind.suffix);
        }
        if (!ours || name.indexOf('.') != 16) {
            return -1;
        }
        try {
            return Long.parseLong(name, 0, 16, 16);
        } catch (NumberFormatException foreign) {
            return -1;
        }
    }
}
