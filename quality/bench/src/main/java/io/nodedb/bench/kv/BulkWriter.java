package io.nodedb.bench.kv;

import io.nodedb.AsyncKeyValue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes much, with a bounded number of puts under way. One thread writes; {@link #finish} waits
 * for the rest and throws the first failure.
 */
public final class BulkWriter implements BiConsumer<Boolean, @Nullable Throwable> {
    /** Well below what a lane's port holds. */
    private static final int UNDER_WAY = 1_024;

    private final AsyncKeyValue keyValue;
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    public BulkWriter(AsyncKeyValue keyValue) {
        this.keyValue = keyValue;
    }

    /** The arrays are the caller's again when this returns. */
    public void put(byte[] key, byte[] value) throws InterruptedException {
        room.acquire();
        throwFailure();
        var ignored = keyValue.put(key, value).whenComplete(this);
    }

    /** Returns when every put was acknowledged. */
    public void finish() throws InterruptedException {
        room.acquire(UNDER_WAY);
        room.release(UNDER_WAY);
        throwFailure();
    }

    /** Called by the database. */
    @Override
    public void accept(Boolean done, @Nullable Throwable failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
        }
        room.release();
    }

    private void throwFailure() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a put failed", failed);
        }
    }
}
