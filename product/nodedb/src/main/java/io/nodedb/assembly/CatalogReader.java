package io.nodedb.assembly;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.control.catalog.CatalogEntry;
import io.nodedb.control.system.CatalogPages;
import io.nodedb.engine.Engine;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.wal.Effects;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the catalog's entries straight from the system partition's engine, before that is handed to
 * its core.
 */
final class CatalogReader implements ExecutionContext {
    private static final int INITIAL_BYTES = 64;

    private final long nowMillis;
    private final Effects unused = new Effects(INITIAL_BYTES);
    private String failure = "";

    private CatalogReader(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** All entries, none for a database that is being created. */
    static List<CatalogEntry> read(Engine engine, long nowMillis) {
        return new CatalogReader(nowMillis).scan(engine);
    }

    private List<CatalogEntry> scan(Engine engine) {
        List<CatalogEntry> entries = new ArrayList<>();
        KvScanCall page = new KvScanCall();
        page.collection = SystemCollections.CATALOG;
        page.partition = Partitions.SYSTEM;
        page.withValues = true;
        do {
            int outcome = engine.execute(page, this);
            if (outcome == Outcome.YIELD) {
                continue;
            }
            if (outcome != Outcome.DONE) {
                throw new NodeDbException(
                        ErrorCode.DATA_CORRUPTED, "the catalog can't be read: " + failure);
            }
            CatalogPages.read(page, entries);
            page.cursor = page.nextCursor;
        } while (!page.finished);
        return entries;
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public long readLsn() {
        return 0;
    }

    @Override
    public boolean quantumOver() {
        return false;
    }

    @Override
    public Effects effects() {
        unused.reset();
        return unused;
    }

    @Override
    public void dependsOn(long batchSequence) {}

    @Override
    public byte @Nullable [] takeChunk() {
        return null;
    }

    @Override
    public void sendChunk(int length) {
        throw new IllegalStateException("a page is not streamed");
    }

    @Override
    public void readElsewhere(Runnable read) {
        read.run();
    }

    @Override
    public int fail(ErrorCode code, String message) {
        failure = message;
        return code.number();
    }
}
