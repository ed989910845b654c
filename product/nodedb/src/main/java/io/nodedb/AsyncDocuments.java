package io.nodedb;

import io.nodedb.document.rules.RowPatch;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A collection of documents for callers that do not wait; each method as in {@link
 * DocumentOperations}. What one thread asks of one id takes effect in the order of asking.
 *
 * <p>While the collection's definition is being changed a write may fail with {@link
 * io.nodedb.base.errors.ErrorCode#DEFINITION_CHANGED}: nothing was written, and who sends it again
 * knows whether the order of others matters.
 *
 * <p>Stages complete on one thread of the database, as {@link AsyncKeyValue} says. Safe for every
 * thread.
 */
public interface AsyncDocuments {
    CompletionStage<@Nullable Document> get(Id id);

    CompletionStage<Boolean> exists(Id id);

    CompletionStage<@Nullable Void> put(Id id, Document document);

    CompletionStage<Id> put(Document document);

    CompletionStage<@Nullable Void> insert(Id id, Document document);

    CompletionStage<Id> insert(Document document);

    CompletionStage<Boolean> replace(Id id, Document document);

    /**
     * It reads, then writes: later calls for the same id may take effect between. {@code
     * UNSUPPORTED} for a patch that changes the document's id.
     */
    CompletionStage<Boolean> patch(Id id, RowPatch patch);

    CompletionStage<Boolean> delete(Id id);
}
