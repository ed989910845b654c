package io.nodedb.control.system;

import io.nodedb.base.errors.Check;
import io.nodedb.control.catalog.CatalogEntry;
import io.nodedb.plan.kv.KvScanCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Reads catalog entries out of the pages of a scan. */
public final class CatalogPages {
    private CatalogPages() {}

    /** Appends the entries of one answered page. */
    public static void read(KvScanCall page, List<CatalogEntry> entries) {
        ByteBuffer bytes =
                ByteBuffer.wrap(page.page, 0, page.pageLength).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < page.entries; i++) {
            int keyLength = bytes.getInt();
            int valueLength = bytes.getInt();
            bytes.getLong();
            Check.that(
                    keyLength >= 0
                            && valueLength >= 0
                            && (long) keyLength + valueLength <= bytes.remaining(),
                    "a catalog entry lies in its page",
                    bytes.position());
            byte[] key = new byte[keyLength];
            byte[] value = new byte[valueLength];
            bytes.get(key).get(value);
            entries.add(new CatalogEntry(key, value));
        }
    }
}
