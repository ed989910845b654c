package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;

/**
 * Where a collection stands in its life. Numbers are part of the catalog's format.
 *
 * <pre>
 *   LIVE ──drop──► DROPPED ──purge──► PURGED
 *     ▲               │                 ▲
 *     └────undrop─────┘                 │
 *     └──────────────purge──────────────┘
 * </pre>
 */
public enum CollectionState {
    LIVE(1),
    /** Its name is free, its rows are kept, it can be brought back. */
    DROPPED(2),
    /** Its rows are gone for good; a tombstone keeps replay from bringing them back. */
    PURGED(3);

    private final int number;

    CollectionState(int number) {
        this.number = number;
    }

    /** The stable number in the catalog's entries. */
    public int number() {
        return number;
    }

    static CollectionState ofNumber(int number) {
        return switch (number) {
            case 1 -> LIVE;
            case 2 -> DROPPED;
            case 3 -> PURGED;
            default ->
                    throw new NodeDbException(
                            ErrorCode.DATA_CORRUPTED,
                            "A catalog entry names an unknown collection state: state=" + number);
        };
    }
}
