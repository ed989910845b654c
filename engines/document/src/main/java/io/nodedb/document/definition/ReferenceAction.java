package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;

/** What happens to rows whose target goes. The numbers stand in the catalog. */
@Immutable
public enum ReferenceAction {
    /** An error, when the constraint is checked at the statement's end. */
    NO_ACTION(0),
    /** An error at once. */
    RESTRICT(1),
    /** They go, too. */
    CASCADE(2),
    SET_NULL(3),
    SET_DEFAULT(4);

    private final int number;

    ReferenceAction(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
