package io.nodedb;

import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** A collection of documents inside a transaction. */
final class TransactionDocuments implements DocumentOperations {
    private final Transaction transaction;
    private final CollectionInfo collection;

    TransactionDocuments(Transaction transaction, CollectionInfo collection) {
        this.transaction = transaction;
        this.collection = collection;
    }

    @Override
    public String name() {
        return collection.name();
    }

    @Override
    public @Nullable Document get(Id id) {
        return CollectionDocuments.document(
                transaction.get(collection, CollectionDocuments.key(id)));
    }

    @Override
    public boolean exists(Id id) {
        return transaction.exists(collection, CollectionDocuments.key(id));
    }

    @Override
    public void put(Id id, Document document) {
        transaction.put(
                collection, CollectionDocuments.key(id), CollectionDocuments.row(document), 0);
    }

    @Override
    public void insert(Id id, Document document) {
        byte[] row = CollectionDocuments.row(document);
        if (exists(id)) {
            throw CollectionDocuments.taken(name(), id);
        }
        transaction.put(collection, CollectionDocuments.key(id), row, 0);
    }

    @Override
    public boolean replace(Id id, Document document) {
        byte[] row = CollectionDocuments.row(document);
        boolean there = exists(id);
        if (there) {
            transaction.put(collection, CollectionDocuments.key(id), row, 0);
        }
        return there;
    }

    @Override
    public boolean delete(Id id) {
        return transaction.delete(collection, CollectionDocuments.key(id));
    }

    @Override
    public DocumentScan scan(IdRange range) {
        return new DocumentScan(transaction.scan(collection, range.internal()));
    }

    @Override
    public long count(IdRange range) {
        return transaction.count(collection, range.internal());
    }
}
