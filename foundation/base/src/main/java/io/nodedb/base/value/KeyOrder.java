package io.nodedb.base.value;

import io.nodedb.base.ownership.Immutable;

/** How one column of a key is ordered; without NULLS FIRST or LAST, NULL counts as the greatest. */
@Immutable
public enum KeyOrder {
    ASCENDING(false, false),
    ASCENDING_NULLS_FIRST(false, true),
    DESCENDING(true, true),
    DESCENDING_NULLS_LAST(true, false);

    private final boolean descending;
    private final boolean nullsFirst;

    KeyOrder(boolean descending, boolean nullsFirst) {
        this.descending = descending;
        this.nullsFirst = nullsFirst;
    }

    public boolean isDescending() {
        return descending;
    }

    public boolean areNullsFirst() {
        return nullsFirst;
    }

    /** The order of two values in this column, which is the order of their bytes. */
    public int compare(Value a, Value b) {
        if (a.isNull() || b.isNull()) {
            int byNull = Boolean.compare(a.isNull(), b.isNull());
            return nullsFirst ? -byNull : byNull;
        }
        int order = ValueOrder.compare(a, b);
        return descending ? Integer.compare(0, order) : order;
    }
}
