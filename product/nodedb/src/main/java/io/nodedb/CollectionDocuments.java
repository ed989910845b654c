package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.kv.KvClient;
import io.nodedb.plan.kv.KvCondition;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link Documents} over the Control Plane. */
final class CollectionDocuments implements Documents {
    private final ControlPlane control;
    private final KvClient client;

    CollectionDocuments(ControlPlane control, KvClient client) {
        this.control = control;
        this.client = client;
    }

    @Override
    public String name() {
        return client.name();
    }

    @Override
    public AsyncDocuments async() {
        return new NotWaiting();
    }

    @Override
    public Documents with(RequestOptions options) {
        return new CollectionDocuments(control, client.with(options.over(control.callDefaults())));
    }

    @Override
    public @Nullable Document get(Id id) {
        return document(client.get(key(id)));
    }

    @Override
    public boolean exists(Id id) {
        return client.exists(key(id));
    }

    @Override
    public void put(Id id, Document document) {
        boolean ignored = client.put(key(id), row(document), KvCondition.ALWAYS, 0);
    }

    @Override
    public void insert(Id id, Document document) {
        if (!client.put(key(id), row(document), KvCondition.IF_ABSENT, 0)) {
            throw taken(name(), id);
        }
    }

    @Override
    public boolean replace(Id id, Document document) {
        return client.put(key(id), row(document), KvCondition.IF_PRESENT, 0);
    }

    @Override
    public boolean delete(Id id) {
        return client.delete(key(id));
    }

    @Override
    public DocumentScan scan(IdRange range) {
        return new DocumentScan(
                control.scan(client.collection(), range.internal(), client.options()));
    }

    @Override
    public long count(IdRange range) {
        return control.count(client.collection(), range.internal(), client.options());
    }

    static byte[] key(Id id) {
        return requireNonNull(id, "id").key();
    }

    static byte[] row(Document document) {
        return requireNonNull(document, "document").toRow();
    }

    static @Nullable Document document(byte @Nullable [] row) {
        return row == null ? null : Document.ofRow(row);
    }

    static NodeDbException taken(String collection, Id id) {
        return new NodeDbException(
                ErrorCode.UNIQUE_VIOLATION,
                "A document has this id already: collection=" + collection + " id=" + id);
    }

    private final class NotWaiting implements AsyncDocuments {
        @Override
        public CompletionStage<@Nullable Document> get(Id id) {
            return client.getAsync(key(id)).thenApply(CollectionDocuments::document);
        }

        @Override
        public CompletionStage<Boolean> exists(Id id) {
            return client.existsAsync(key(id));
        }

        @Override
        public CompletionStage<@Nullable Void> put(Id id, Document document) {
            return client.putAsync(key(id), row(document), KvCondition.ALWAYS, 0)
                    .thenApply(applied -> null);
        }

        @Override
        public CompletionStage<@Nullable Void> insert(Id id, Document document) {
            return client.putAsync(key(id), row(document), KvCondition.IF_ABSENT, 0)
                    .thenApply(applied -> {
                        if (!applied) {
                            throw taken(name(), id);
                        }
                        return null;
                    });
        }

        @Override
        public CompletionStage<Boolean> replace(Id id, Document document) {
            return client.putAsync(key(id), row(document), KvCondition.IF_PRESENT, 0);
        }

        @Override
        public CompletionStage<Boolean> delete(Id id) {
            return client.deleteAsync(key(id));
        }
    }
}
