package io.nodedb.server.resp;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code FLUSHDB} and {@code FLUSHALL}: the collection is dropped for good and a new one, created
 * as it was, takes its name, which costs the same however many keys there were. Commands that come
 * meanwhile find no collection of that name and wait; those that were under way find none of their
 * number, and are sent again to the one that has replaced it ({@link #successor}).
 */
@Shared("the catalog; one flush after another")
final class Flusher {
    /** For {@link #successor}: nothing has replaced it. */
    static final int NONE = -1;

    /** For {@link #successor}: what replaces it is being made. */
    static final int SOON = 0;

    /** Collections that have been emptied lately: who still asks for them was on the way then. */
    private static final int REMEMBERED = 1024;

    private final Catalog catalog;

    @SuppressWarnings("serial")
    private final Map<Integer, Integer> successors =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private CompletionStage<Void> last = CompletableFuture.completedFuture(null);

    Flusher(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Replies when everything that the client sent before is done and the new ones stand. */
    void flush(RespConnection connection, CommandInput input, boolean all) {
        PendingReply reply = connection.append();
        connection.hold();
        String own = connection.state().collectionName();
        SlowCommand timed = SlowCommand.begin(connection, input);
        connection.whenFirst(
                reply,
                () -> {
                    CompletionStage<Void> done = afterOthers(all ? databases() : List.of(own));
                    CompletionStage<Void> ignored =
                            done.thenCompose(nothing -> everyLane(connection.server()))
                                    .handle((nothing, failure) -> {
                                        connection
                                                .lane()
                                                .loop()
                                                .sockets()
                                                .execute(() -> {
                                                    SlowCommand.end(timed);
                                                    flushed(connection, reply, failure);
                                                });
                                        return null;
                                    });
                });
    }

    /**
     * Completes when every lane has taken what the cores have told it before: then the clients that
     * wait for keys wait for those of the new collection.
     */
    private static CompletionStage<Void> everyLane(RespServer server) {
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (RespLane lane : server.lanes()) {
            CompletableFuture<Void> passed = new CompletableFuture<>();
            lanes.add(passed);
            lane.loop().sockets().execute(() -> lane.parts().later(() -> passed.complete(null)));
        }
        return CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new));
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
                .filter(Databases::isServed)
                .map(CollectionInfo::name)
                .filter(Databases::isDatabase)
                .toList();
    }

    /** The collection that has replaced one, {@link #SOON} or {@link #NONE}. Any thread. */
    int successor(int collection) {
        synchronized (successors) {
            Integer next = successors.get(collection);
            if (next == null) {
                return NONE;
            }
            int last = next;
            while (last != SOON) {
                next = successors.get(last);
                if (next == null) {
                    return last;
                }
                last = next;
            }
            return SOON;
        }
    }

    private void replace(int collection, int successor) {
        synchronized (successors) {
            successors.put(collection, successor);
        }
    }

    /** Nothing has replaced it yet, and nothing will. */
    private void forget(int collection) {
        synchronized (successors) {
            boolean ignored = successors.remove(collection, SOON);
        }
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
        CollectionInfo old = Databases.served(catalog.state(), name);
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        replace(old.id(), SOON);
        return catalog.drop(name)
                .thenCompose(dropped ->
                        catalog.createCollection(name, optionsOf(old))
                                .thenCompose(created -> {
                                    replace(old.id(), created.id());
                                    return catalog.purge(dropped.id());
                                }))
                .whenComplete((purged, failure) -> {
                    if (failure != null) {
                        forget(old.id());
                    }
                })
                .thenApply(purged -> null);
    }

    private static CollectionOptions optionsOf(CollectionInfo collection) {
        return new CollectionOptions(
                collection.engine(),
                collection.feed(),
                collection.durability(),
                collection.tenant(),
                collection.definition());
    }
}
