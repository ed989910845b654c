package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.control.transaction.Transaction;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RowPatch;
import org.jspecify.annotations.Nullable;

/**
 * A collection of documents inside a transaction. Rows are made when they are written; the commit
 * is refused, and the transaction run again, when the definition has changed by then.
 */
final class TransactionDocuments implements DocumentOperations {
    private final Transaction transaction;
    private final DocumentCollection collection;

    TransactionDocuments(Transaction transaction, DocumentCollection collection) {
        this.transaction = transaction;
        this.collection = collection;
    }

    @Override
    public String name() {
        return collection.name();
    }

    @Override
    public CollectionDefinition definition() {
        return collection.live().rules().definition();
    }

    @Override
    public @Nullable Document get(Id id) {
        DocumentCollection.Seen seen = collection.live();
        byte[] row = transaction.get(seen.info(), key(seen, id));
        return row == null ? null : collection.readers().document(row);
    }

    @Override
    public boolean exists(Id id) {
        DocumentCollection.Seen seen = collection.live();
        return transaction.exists(seen.info(), key(seen, id));
    }

    @Override
    public void put(Id id, Document document) {
        DocumentCollection.Seen seen = collection.live();
        put(seen, made(seen, id, document));
    }

    @Override
    public Id put(Document document) {
        DocumentCollection.Seen seen = collection.live();
        return put(seen, seen.rules().row(requireNonNull(document, "document")));
    }

    @Override
    public void insert(Id id, Document document) {
        DocumentCollection.Seen seen = collection.live();
        Id ignored = insert(seen, made(seen, id, document));
    }

    @Override
    public Id insert(Document document) {
        DocumentCollection.Seen seen = collection.live();
        return insert(seen, seen.rules().row(requireNonNull(document, "document")));
    }

    private Id insert(DocumentCollection.Seen seen, PreparedRow row) {
        if (transaction.exists(seen.info(), row.key())) {
            throw Patching.taken(name(), Id.ofKey(row.key()));
        }
        return put(seen, row);
    }

    private Id put(DocumentCollection.Seen seen, PreparedRow row) {
        transaction.putRow(seen.info(), row.key(), row.row(), seen.rules().version());
        return Id.ofKey(row.key());
    }

    @Override
    public boolean replace(Id id, Document document) {
        DocumentCollection.Seen seen = collection.live();
        PreparedRow row = made(seen, id, document);
        boolean there = transaction.exists(seen.info(), row.key());
        if (there) {
            Id ignored = put(seen, row);
        }
        return there;
    }

    @Override
    public boolean patch(Id id, RowPatch patch) {
        requireNonNull(patch, "patch");
        DocumentCollection.Seen seen = collection.live();
        byte[] key = key(seen, id);
        byte[] row = transaction.get(seen.info(), key);
        return Patching.apply(transaction, collection.live(), key, row, patch);
    }

    @Override
    public boolean delete(Id id) {
        DocumentCollection.Seen seen = collection.live();
        return transaction.delete(seen.info(), key(seen, id));
    }

    @Override
    public DocumentScan scan(IdRange range) {
        DocumentCollection.Seen seen = collection.live();
        return new DocumentScan(
                transaction.scan(seen.info(), seen.rules().keys(range)), collection);
    }

    @Override
    public long count(IdRange range) {
        DocumentCollection.Seen seen = collection.live();
        return transaction.count(seen.info(), seen.rules().keys(range));
    }

    private static byte[] key(DocumentCollection.Seen seen, Id id) {
        return seen.rules().key(requireNonNull(id, "id"));
    }

    private static PreparedRow made(DocumentCollection.Seen seen, Id id, Document document) {
        return seen.rules().row(requireNonNull(id, "id"), requireNonNull(document, "document"));
    }
}
