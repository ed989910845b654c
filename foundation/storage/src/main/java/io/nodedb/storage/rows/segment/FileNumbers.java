package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;

/** Gives out file numbers, none twice in the life of a partition. Any thread. */
@Shared("an atomic")
public final class FileNumbers {
    private final AtomicLong next;

    public FileNumbers(long next) {
        this.next = new AtomicLong(next);
    }

    public long take() {
        return next.getAndIncrement();
    }

    /** Above every number given out. */
    public long next() {
        return next.get();
    }
}
