package io.nodedb.server.resp;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.plan.kv.command.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code FLUSHDB} and {@code FLUSHALL}: the collection is dropped for good and a new one takes its
 * name, which costs the same however many keys there were. Commands that come meanwhile find no
 * collection of that name and wait.
 */
@Shared("the catalog; one flush after another")
final class Flusher {
    private final Catalog catalog;
    private CompletionStage<Void> last = CompletableFuture.completedFuture(null);

    Flusher(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Replies when everything that the client sent before is done and the new ones stand. */
    void flush(RespConnection connection, boolean all) {
        PendingReply reply = connection.append();
        connection.hold();
        String own = connection.state().collectionName();
        connection.whenFirst(
                reply,
                () -> {
                    CompletionStage<Void> done = afterOthers(all ? databases() : List.of(own));
                    CompletionStage<Void> ignored =
                            done.handle((nothing, failure) -> {
                                connection
                                        .lane()
                                        .loop()
                                        .sockets()
                                        .execute(() -> flushed(connection, reply, failure));
                                return null;
                            });
                });
    }

    private static void flushed(
            RespConnection connection, PendingReply reply, @Nullable Throwable failure) {
        Reply answer = connection.build();
        if (failure == null) {
            answer.ok();
        } else {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            answer.error(
                    cause instanceof NodeDbException known
                            ? ErrorTexts.of(known.code(), known.getMessage())
                            : "ERR the database could not be emptied");
        }
        connection.answerUnlessGone(reply, answer);
        connection.release();
    }

    private List<String> databases() {
        return catalog.state().collections().stream()
                .filter(CollectionInfo::live)
                .map(CollectionInfo::name)
                .filter(RespServer::isDatabase)
                .toList();
    }

    private synchronized CompletionStage<Void> afterOthers(List<String> names) {
        CompletionStage<Void> mine =
                last.handle((nothing, failure) -> null).thenCompose(nothing -> emptied(names));
        last = mine;
        return mine;
    }

    private CompletionStage<Void> emptied(List<String> names) {
        CompletionStage<Void> done = CompletableFuture.completedFuture(null);
        for (String name : names) {
            done = done.thenCompose(nothing -> emptied(name));
        }
        return done;
    }

    private CompletionStage<Void> emptied(String name) {
        if (catalog.state().live(name) == null) {
            return CompletableFuture.completedFuture(null);
        }
        return catalog.drop(name)
                .thenCompose(dropped ->
                        catalog.createCollection(name, CollectionOptions.KEY_VALUE)
                                .thenCompose(created -> catalog.purge(dropped.id())))
                .thenApply(purged -> null);
    }
}
