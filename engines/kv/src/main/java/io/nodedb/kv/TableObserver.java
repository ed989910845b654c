package io.nodedb.kv;

/** Who must know what happens to the versions of a {@link KvTable}. */
interface TableObserver {
    /** A version was made. */
    void created(long entry);

    /** A version is about to be freed; it can still be read. */
    void freeing(long entry);

    /**
     * The newest applied version of a key has changed; both can be read, and either may be a
     * deletion.
     *
     * @param before 0 when there was none
     * @param after 0 when there is none
     */
    void newest(long before, long after);

    /** Something is to be checkpointed. */
    void changed();
}
