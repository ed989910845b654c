package io.nodedb.base.ids;

/**
 * Collection ids that the database uses itself; a user's collections have ids from {@link
 * #FIRST_USER} and an id is never reused.
 */
public final class SystemCollections {
    /** Catalog entries; lives in the system partition. */
    public static final int CATALOG = 1;

    /**
     * Outcomes of writes with an idempotency key; one in every partition, beside the keys written.
     */
    public static final int IDEMPOTENCY = 2;

    public static final int FIRST_USER = 16;

    private SystemCollections() {}
}
