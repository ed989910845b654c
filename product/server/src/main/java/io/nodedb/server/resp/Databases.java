package io.nodedb.server.resp;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Redis's numbered databases: each is a key-value collection, made when it is first named. */
@Shared("the catalog")
final class Databases {
    /** Numbers below this are databases. */
    static final int MAX = 1 << 14;

    static final String NOT_IN_RANGE = "ERR DB index is out of range";

    private static final String PREFIX = "kv";

    /** Takes a database's collection; or null, and why it can't be had. */
    interface Listener {
        void opened(@Nullable CollectionInfo collection, String error);
    }

    private final Catalog catalog;

    /** Names of those that are being made again. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Databases(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What is wrong with a text that should be a database's number; empty when nothing is. */
    static String error(String text) {
        Long number = KeyspaceFamily.signed(text);
        if (number == null) {
            return ErrorTexts.NOT_INTEGER;
        }
        if (number != number.intValue()) {
            return ErrorTexts.NOT_AN_INT;
        }
        return number < 0 || number >= MAX ? NOT_IN_RANGE : "";
    }

    /** Name of a database's collection. */
    static String name(int number) {
        return PREFIX + number;
    }

    /** Is this the collection of a database with a number? */
    static boolean isDatabase(String name) {
        return name.startsWith(PREFIX) && error(name.substring(PREFIX.length())).isEmpty();
    }

    /** The number of the database whose collection is called so. */
    static int number(String name) {
        return Integer.parseInt(name.substring(PREFIX.length()));
    }

    /** Can commands be given to it? Those of Redis are for key-value collections. */
    static boolean isServed(CollectionInfo collection) {
        return collection.live() && collection.engine() == CollectionOptions.KEY_VALUE_ENGINE;
    }

    /** The collection of this name if commands can be given to it, or null. */
    static @Nullable CollectionInfo served(CatalogState catalog, String name) {
        CollectionInfo found = catalog.live(name);
        return found != null && isServed(found) ? found : null;
    }

    /** Why commands can't be given to what was selected. */
    static String gone(CatalogState catalog, String name) {
        return catalog.live(name) == null
                ? "ERR the collection was dropped: " + name
                : notServed(name);
    }

    /** Why commands can't be given to a collection that is there. */
    static String notServed(String name) {
        return "ERR the collection is not of keys and values: " + name;
    }

    /**
     * Finds the collection of a database, or makes it: then {@code listener} runs later, on the
     * connection's lane, and not at all when the connection has gone.
     */
    void open(RespConnection connection, int number, Listener listener) {
        String name = name(number);
        CollectionInfo known = catalog.state().live(name);
        if (known != null) {
            if (isServed(known)) {
                listener.opened(known, "");
            } else {
                listener.opened(null, notServed(name));
            }
            return;
        }
        CompletionStage<CollectionInfo> created =
                catalog.createCollection(name, CollectionOptions.KEY_VALUE);
        CompletionStage<Void> ignored =
                created.handle((info, failure) -> {
                    connection
                            .lane()
                            .loop()
                            .sockets()
                            .execute(() -> opened(connection, info, failure, listener));
                    return null;
                });
    }

    /** Makes the collection of a database that was dropped while clients had it selected. */
    void makeAgain(String name) {
        if (underWay.add(name)) {
            CompletionStage<Boolean> ignored =
                    catalog.createCollection(name, CollectionOptions.KEY_VALUE)
                            .handle((info, failure) -> underWay.remove(name));
        }
    }

    private static void opened(
            RespConnection connection,
            @Nullable CollectionInfo info,
            @Nullable Throwable failure,
            Listener listener) {
        if (connection.isGone()) {
            return;
        }
        if (info != null) {
            listener.opened(info, "");
        } else if (failure instanceof NodeDbException known) {
            listener.opened(null, ErrorTexts.of(known.code(), known.getMessage()));
        } else {
            listener.opened(null, "ERR the database could not be created");
        }
    }
}
