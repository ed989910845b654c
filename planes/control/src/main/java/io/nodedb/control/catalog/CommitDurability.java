package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;

/**
 * When a commit is answered. Numbers are part of the catalog's format and equal the bridge's {@code
 * Durability} constants.
 */
public enum CommitDurability {
    /** What the next wider scope says: transaction, collection, database. */
    DEFAULT(0),
    /** After the log is synced: it survives power loss. */
    SYNC(1),
    /**
     * After the record is handed to the operating system: it survives the process, not power loss.
     */
    ASYNC(2);

    private final byte number;

    CommitDurability(int number) {
        this.number = (byte) number;
    }

    public byte number() {
        return number;
    }

    /** This choice, or {@code wider} where this one is {@link #DEFAULT}. */
    public CommitDurability orElse(CommitDurability wider) {
        return this == DEFAULT ? wider : this;
    }

    /** The stricter of two resolved choices. */
    public CommitDurability strictest(CommitDurability other) {
        return this == SYNC || other == SYNC ? SYNC : ASYNC;
    }

    static CommitDurability ofNumber(int number) {
        return switch (number) {
            case 0 -> DEFAULT;
            case 1 -> SYNC;
            case 2 -> ASYNC;
            default ->
                    throw new NodeDbException(
                            ErrorCode.DATA_CORRUPTED,
                            "A catalog entry names an unknown durability: durability=" + number);
        };
    }
}
