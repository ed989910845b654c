package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.block.RowVersion;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.memtable.Memtable;

/** A memtable as a cursor sees it. Owned by one core. */
@CoreOwned
final class MemtableSource implements RowSource {
    private final Memtable memtable;
    private byte[] key = new byte[64];
    private int keyLength;
    private long node;
    private long version;
    private long modifications = -1;

    MemtableSource(Memtable memtable) {
        this.memtable = memtable;
    }

    @Override
    public int ceiling(
            byte[] rowKey, int length, boolean inclusive, long bound, BlockRequests requests) {
        node = memtable.ceiling(rowKey, length);
        if (!inclusive && node != Memtable.NONE && node == memtable.find(rowKey, length)) {
            node = memtable.following(node);
        }
        return settleForward(bound);
    }

    @Override
    public int lower(byte[] rowKey, int length, long bound, BlockRequests requests) {
        node = memtable.lower(rowKey, length);
        return settleBackward(bound);
    }

    @Override
    public int advance(long bound, BlockRequests requests) {
        node = memtable.following(node);
        return settleForward(bound);
    }

    @Override
    public int retreat(long bound, BlockRequests requests) {
        node = memtable.preceding(node);
        return settleBackward(bound);
    }

    private int settleForward(long bound) {
        while (node != Memtable.NONE) {
            version = memtable.visible(node, bound);
            if (version != Memtable.NONE) {
                return take();
            }
            node = memtable.following(node);
        }
        modifications = memtable.modifications();
        return RowStore.ABSENT;
    }

    private int settleBackward(long bound) {
        while (node != Memtable.NONE) {
            version = memtable.visible(node, bound);
            if (version != Memtable.NONE) {
                return take();
            }
            node = memtable.preceding(node);
        }
        modifications = memtable.modifications();
        return RowStore.ABSENT;
    }

    private int take() {
        modifications = memtable.modifications();
        keyLength = memtable.keyLength(node);
        if (key.length < keyLength) {
            key = new byte[2 * keyLength];
        }
        memtable.copyKey(node, key);
        return RowStore.FOUND;
    }

    @Override
    public boolean isCurrent() {
        return modifications == memtable.modifications();
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public long age() {
        return RowVersion.age(memtable.stamp(version));
    }

    @Override
    public int kind() {
        return memtable.kind(version);
    }

    @Override
    public int valueLength() {
        return memtable.valueLength(version);
    }

    @Override
    public void copyValue(byte[] target) {
        memtable.copyValue(version, target);
    }
}
