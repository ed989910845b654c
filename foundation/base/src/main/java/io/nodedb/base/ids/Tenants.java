package io.nodedb.base.ids;

/** Numbers of tenants: whom memory and upkeep are charged to. */
public final class Tenants {
    /** The database itself: catalog, outcomes of idempotent writes. Has no budget. */
    public static final int SYSTEM = 0;

    /** Whom a collection belongs to when nobody says otherwise. */
    public static final int DEFAULT = 1;

    private Tenants() {}
}
