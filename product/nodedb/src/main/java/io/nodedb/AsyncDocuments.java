package io.nodedb;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A collection of documents for callers that do not wait; each method as in {@link
 * DocumentOperations}. What one thread asks of one id takes effect in the order of asking.
 *
 * <p>Stages complete on one thread of the database, as {@link AsyncKeyValue} says. Safe for every
 * thread.
 */
public interface AsyncDocuments {
    CompletionStage<@Nullable Document> get(Id id);

    CompletionStage<Boolean> exists(Id id);

    CompletionStage<@Nullable Void> put(Id id, Document document);

    CompletionStage<@Nullable Void> insert(Id id, Document document);

    CompletionStage<Boolean> replace(Id id, Document document);

    CompletionStage<Boolean> delete(Id id);
}
