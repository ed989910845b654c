package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.kv.KvClient;
import io.nodedb.control.transaction.TransactionOptions;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RowPatch;
import io.nodedb.plan.kv.KvCondition;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Documents} over the Control Plane. Rows are made on the caller's thread by the definition
 * that the catalog has then; a core that knows another one by the time they come refuses them, and
 * a caller that waits makes them anew.
 */
final class CollectionDocuments implements Documents {
    /** Most tries of a patch against others of the same document; each lets one of them through. */
    private static final int PATCH_ATTEMPTS = 1_000;

    private final ControlPlane control;
    private final KvClient client;
    private final DocumentCollection collection;
    private final TimeSource time;

    CollectionDocuments(
            ControlPlane control, KvClient client, DocumentCollection collection, TimeSource time) {
        this.control = control;
        this.client = client;
        this.collection = collection;
        this.time = time;
    }

    @Override
    public String name() {
        return client.name();
    }

    @Override
    public CollectionDefinition definition() {
        return rules().definition();
    }

    @Override
    public AsyncDocuments async() {
        return new NotWaiting();
    }

    @Override
    public Documents with(RequestOptions options) {
        return new CollectionDocuments(
                control, client.with(options.over(control.callDefaults())), collection, time);
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
        Written ignored = write(RowWrite.of(id, document, KvCondition.ALWAYS));
    }

    @Override
    public Id put(Document document) {
        return write(RowWrite.of(document, KvCondition.ALWAYS)).id();
    }

    @Override
    public void insert(Id id, Document document) {
        Id ignored = write(RowWrite.of(id, document, KvCondition.IF_ABSENT)).idUnlessTaken(name());
    }

    @Override
    public Id insert(Document document) {
        return write(RowWrite.of(document, KvCondition.IF_ABSENT)).idUnlessTaken(name());
    }

    @Override
    public boolean replace(Id id, Document document) {
        return write(RowWrite.of(id, document, KvCondition.IF_PRESENT)).applied();
    }

    @Override
    public boolean patch(Id id, RowPatch patch) {
        refuseIdempotencyKey();
        byte[] key = key(id);
        for (int attempt = 0; attempt < PATCH_ATTEMPTS; attempt++) {
            byte[] row = client.get(key);
            if (row == null) {
                return false;
            }
            Patched done = settled((options, rules) -> patched(options, rules, key, row, patch));
            switch (done) {
                case DONE -> {
                    return true;
                }
                case MOVES -> {
                    return moved(key, patch);
                }
                case AGAIN -> {}
            }
        }
        throw foughtOver(id);
    }

    private Patched patched(
            KvClient options, CollectionRules rules, byte[] key, byte[] row, RowPatch patch) {
        PreparedRow after = rules.patched(key, row, patch).orElse(null);
        if (after == null) {
            return Patched.DONE;
        }
        if (!Arrays.equals(after.key(), key)) {
            return Patched.MOVES;
        }
        return options.compareAndPutRow(key, row, after.row(), rules.version())
                ? Patched.DONE
                : Patched.AGAIN;
    }

    /** The patch changes the key: one row goes and another comes, in one transaction. */
    private boolean moved(byte[] key, RowPatch patch) {
        TransactionOptions options = new TransactionOptions(client.options(), PATCH_ATTEMPTS);
        return control.transactions()
                .run(
                        options,
                        transaction -> {
                            byte[] row = transaction.get(client.collection(), key);
                            return Patching.apply(transaction, collection.live(), key, row, patch);
                        });
    }

    private void refuseIdempotencyKey() {
        if (client.options().idempotencyKey() != null) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "A patch takes no idempotency key: put a whole document, or patch in a"
                            + " transaction that also writes a mark of its own");
        }
    }

    private NodeDbException foughtOver(Id id) {
        return new NodeDbException(
                ErrorCode.CONFLICT,
                "The document was changed by others at every try: collection="
                        + name()
                        + " id="
                        + id
                        + " attempts="
                        + PATCH_ATTEMPTS);
    }

    @Override
    public boolean delete(Id id) {
        return client.delete(key(id));
    }

    @Override
    public DocumentScan scan(IdRange range) {
        return new DocumentScan(
                control.scan(client.collection(), rules().keys(range), client.options()),
                collection);
    }

    @Override
    public long count(IdRange range) {
        return control.count(client.collection(), rules().keys(range), client.options());
    }

    private CollectionRules rules() {
        return collection.live().rules();
    }

    private byte[] key(Id id) {
        return rules().key(requireNonNull(id, "id"));
    }

    private @Nullable Document document(byte @Nullable [] row) {
        return row == null ? null : collection.readers().document(row);
    }

    private Written write(RowWrite write) {
        return settled((options, rules) -> {
            PreparedRow row = made(write, rules);
            boolean applied =
                    options.putRow(
                            row.key(),
                            row.row(),
                            write.condition(),
                            rules.version(),
                            givenHash(write, rules));
            return new Written(row.key(), applied);
        });
    }

    private PreparedRow made(RowWrite write, CollectionRules rules) {
        PreparedRow row = write.row().apply(rules);
        if (client.options().idempotencyKey() != null
                && !Arrays.equals(row.key(), write.row().apply(rules).key())) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A write with an idempotency key needs a given id: a generated one would be"
                            + " another when it is sent again");
        }
        return row;
    }

    private long givenHash(RowWrite write, CollectionRules rules) {
        return rules.version() == 0 || client.options().idempotencyKey() == null
                ? 0
                : CollectionRules.givenHash(write.given());
    }

    /**
     * Writes by the rules of the present definition; again, when that was being changed, by those
     * that come of it, until the deadline.
     */
    private <R> R settled(BiFunction<KvClient, CollectionRules, R> write) {
        CallOptions options = client.options();
        long deadline = time.nanoTime() + options.timeoutNanos();
        KvClient attempt = client;
        while (true) {
            try {
                return write.apply(attempt, rules());
            } catch (NodeDbException refused) {
                long left = deadline - time.nanoTime();
                if (refused.code() != ErrorCode.DEFINITION_CHANGED || left <= 0) {
                    throw refused;
                }
                control.awaitDefinition(collection.id(), left);
                left = Math.max(1, deadline - time.nanoTime());
                attempt = client.with(options.withTimeoutNanos(left));
            }
        }
    }

    /** What became of a patch. */
    private enum Patched {
        DONE,
        /** Somebody else has changed the row. */
        AGAIN,
        /** The row gets another key. */
        MOVES
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on, never changed
    private record Written(byte[] key, boolean applied) {
        Id id() {
            return Id.ofKey(key);
        }

        Id idUnlessTaken(String collection) {
            if (!applied) {
                throw Patching.taken(collection, id());
            }
            return id();
        }
    }

    /** Does not wait, and so does not make a row anew that was refused. */
    private final class NotWaiting implements AsyncDocuments {
        @Override
        public CompletionStage<@Nullable Document> get(Id id) {
            byte[] key = key(id);
            return client.getAsync(key).thenApply(CollectionDocuments.this::document);
        }

        @Override
        public CompletionStage<Boolean> exists(Id id) {
            return client.existsAsync(key(id));
        }

        @Override
        public CompletionStage<@Nullable Void> put(Id id, Document document) {
            return write(RowWrite.of(id, document, KvCondition.ALWAYS)).thenApply(written -> null);
        }

        @Override
        public CompletionStage<Id> put(Document document) {
            return write(RowWrite.of(document, KvCondition.ALWAYS)).thenApply(Written::id);
        }

        @Override
        public CompletionStage<@Nullable Void> insert(Id id, Document document) {
            return write(RowWrite.of(id, document, KvCondition.IF_ABSENT))
                    .thenApply(written -> {
                        Id ignored = written.idUnlessTaken(name());
                        return null;
                    });
        }

        @Override
        public CompletionStage<Id> insert(Document document) {
            return write(RowWrite.of(document, KvCondition.IF_ABSENT))
                    .thenApply(written -> written.idUnlessTaken(name()));
        }

        @Override
        public CompletionStage<Boolean> replace(Id id, Document document) {
            return write(RowWrite.of(id, document, KvCondition.IF_PRESENT))
                    .thenApply(Written::applied);
        }

        @Override
        public CompletionStage<Boolean> patch(Id id, RowPatch patch) {
            refuseIdempotencyKey();
            return patch(id, key(id), patch, 1);
        }

        private CompletionStage<Boolean> patch(Id id, byte[] key, RowPatch patch, int attempt) {
            return client.getAsync(key)
                    .thenCompose(row -> {
                        if (row == null) {
                            return CompletableFuture.completedFuture(false);
                        }
                        return patched(key, row, patch)
                                .thenCompose(applied -> {
                                    if (applied) {
                                        return CompletableFuture.completedFuture(true);
                                    }
                                    return attempt < PATCH_ATTEMPTS
                                            ? patch(id, key, patch, attempt + 1)
                                            : CompletableFuture.failedFuture(foughtOver(id));
                                });
                    });
        }

        private CompletionStage<Boolean> patched(byte[] key, byte[] row, RowPatch patch) {
            CollectionRules rules = rules();
            PreparedRow after = rules.patched(key, row, patch).orElse(null);
            if (after == null) {
                return CompletableFuture.completedFuture(true);
            }
            if (!Arrays.equals(after.key(), key)) {
                throw new NodeDbException(
                        ErrorCode.UNSUPPORTED,
                        "A patch that changes a document's id can't be made without waiting");
            }
            return client.compareAndPutRowAsync(key, row, after.row(), rules.version());
        }

        @Override
        public CompletionStage<Boolean> delete(Id id) {
            return client.deleteAsync(key(id));
        }

        private CompletionStage<Written> write(RowWrite write) {
            CollectionRules rules = rules();
            PreparedRow row;
            try {
                row = made(write, rules);
            } catch (NodeDbException refused) {
                return CompletableFuture.failedFuture(refused);
            }
            return client.putRowAsync(
                            row.key(),
                            row.row(),
                            write.condition(),
                            rules.version(),
                            givenHash(write, rules))
                    .thenApply(applied -> new Written(row.key(), applied));
        }
    }
}
