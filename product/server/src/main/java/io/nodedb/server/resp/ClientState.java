package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.plan.kv.command.WaitTicket;
import io.nodedb.plan.kv.command.WatchedKey;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection remembers between commands. Belongs to its lane's thread; the fields that
 * {@code CLIENT LIST} shows are volatile.
 */
@ControlPlane
final class ClientState {
    private static final int BY_NAME = -1;
    private static final int LEAST_PROTOCOL = 2;

    private final long id;
    private final long createdMillis;
    private final String address;
    private final String localAddress;
    private volatile String name = "";
    private volatile String library = "";
    private volatile String libraryVersion = "";
    private volatile long lastSeenMillis;
    private volatile String lastCommand = "NULL";
    private volatile int database;
    private volatile @Nullable WaitTicket waiting;
    private volatile int waitingAt;
    private volatile String collectionName = "kv0";
    private int collection;
    private @Nullable CatalogState seen;
    private boolean authenticated;
    private boolean repliesOff;
    private boolean skipNext;
    private boolean skipping;
    private final List<WatchedKey> watched = new ArrayList<>();
    private final List<Runnable> atEnd = new ArrayList<>();
    private volatile @Nullable Transaction transaction;
    private volatile int subscriptions;
    private volatile int channels;
    private volatile int protocol = LEAST_PROTOCOL;

    ClientState(
            long id,
            long nowMillis,
            @Nullable SocketAddress remote,
            @Nullable SocketAddress local,
            boolean authenticated) {
        this.id = id;
        this.createdMillis = nowMillis;
        this.lastSeenMillis = nowMillis;
        this.address = text(remote);
        this.localAddress = text(local);
        this.authenticated = authenticated;
    }

    private static String text(@Nullable SocketAddress address) {
        String text = String.valueOf(address);
        return text.startsWith("/") ? text.substring(1) : text;
    }

    long id() {
        return id;
    }

    long createdMillis() {
        return createdMillis;
    }

    String address() {
        return address;
    }

    String localAddress() {
        return localAddress;
    }

    String name() {
        return name;
    }

    void setName(String newName) {
        name = newName;
    }

    String library() {
        return library;
    }

    void setLibrary(String text) {
        library = text;
    }

    String libraryVersion() {
        return libraryVersion;
    }

    void setLibraryVersion(String text) {
        libraryVersion = text;
    }

    long lastSeenMillis() {
        return lastSeenMillis;
    }

    void sawBytes(long nowMillis) {
        lastSeenMillis = nowMillis;
    }

    String lastCommand() {
        return lastCommand;
    }

    void setLastCommand(String command) {
        lastCommand = command;
    }

    /** Number of the selected database, -1 when it was selected by name. */
    int database() {
        return database;
    }

    /** Name of the selected collection. */
    String collectionName() {
        return collectionName;
    }

    /** Id of the selected collection, as {@link #find} found it last. */
    int collection() {
        return collection;
    }

    void select(int number, String collectionOfIt) {
        database = number;
        collectionName = collectionOfIt;
        seen = null;
    }

    /** Selects a collection by its name; a database's keeps its number. */
    void select(CollectionInfo named) {
        String name = named.name();
        select(Databases.isDatabase(name) ? Databases.number(name) : BY_NAME, name);
        collection = named.id();
    }

    /** It waits for a key to have something: all cores that could serve it know it. */
    boolean isBlocked() {
        WaitTicket ticket = waiting;
        return ticket != null && ticket.standing() >= waitingAt;
    }

    /** It will wait at so many cores; with null it waits no longer. */
    void setWaiting(@Nullable WaitTicket ticket, int cores) {
        waitingAt = cores;
        waiting = ticket;
    }

    /**
     * Looks the selected collection up if the catalog has changed; false when it is not there, or
     * is another one than before while commands are under way, which must be answered first: they
     * may have to be sent again.
     */
    boolean find(CatalogState catalog, boolean commandsUnderWay) {
        if (seen == catalog) {
            return true;
        }
        CollectionInfo info = Databases.served(catalog, collectionName);
        boolean isReplaced = seen != null && info != null && info.id() != collection;
        if (info == null || (isReplaced && commandsUnderWay)) {
            return false;
        }
        seen = catalog;
        collection = info.id();
        return true;
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    void setAuthenticated(boolean done) {
        authenticated = done;
    }

    /** {@code CLIENT REPLY}. */
    void setRepliesOff(boolean off) {
        repliesOff = off;
        skipNext = false;
    }

    /** {@code CLIENT REPLY SKIP}. */
    void skipNextReply() {
        skipNext = !repliesOff;
    }

    /** A command begins: does it belong to those whose reply is skipped? */
    void commandBegins() {
        skipping = skipNext;
        skipNext = false;
    }

    boolean wantsNoReply() {
        return repliesOff || skipping;
    }

    /** The commands since MULTI; null when there was none. */
    @Nullable Transaction transaction() {
        return transaction;
    }

    /** Between MULTI and EXEC. */
    boolean isInTransaction() {
        return transaction != null;
    }

    void begin(Transaction begun) {
        transaction = begun;
    }

    /** The transaction, which is the caller's to {@link Transaction#end} from now on. */
    @Nullable Transaction takeTransaction() {
        Transaction taken = transaction;
        transaction = null;
        return taken;
    }

    /** Forgets the commands since MULTI, if any. */
    void endTransaction() {
        Transaction ended = takeTransaction();
        if (ended != null) {
            ended.end();
        }
    }

    /** The connection refused a command: EXEC will be refused too. */
    void failed() {
        Transaction begun = transaction;
        if (begun != null) {
            begun.refuse();
        }
    }

    void watch(WatchedKey key) {
        watched.add(key);
    }

    void unwatch() {
        watched.clear();
    }

    /** The watched keys, which are forgotten. */
    List<WatchedKey> takeWatched() {
        List<WatchedKey> taken = List.copyOf(watched);
        watched.clear();
        return taken;
    }

    /** Channels and patterns that the client listens to. */
    int subscriptions() {
        return subscriptions;
    }

    /** Channels among the {@link #subscriptions}. */
    int channels() {
        return channels;
    }

    void setSubscriptions(int toChannels, int toPatterns) {
        channels = toChannels;
        subscriptions = toChannels + toPatterns;
    }

    /** The protocol that the client has chosen: replies to commands before may use another. */
    int protocol() {
        return protocol;
    }

    void setProtocol(int version) {
        protocol = version;
    }

    /** Commands that wait for EXEC; -1 when there was no MULTI. */
    int queuedCommands() {
        Transaction begun = transaction;
        return begun == null ? -1 : begun.count();
    }

    boolean isSubscribed() {
        return subscriptions > 0;
    }

    /** Runs when the connection ends. */
    void atEnd(Runnable action) {
        atEnd.add(action);
    }

    void end() {
        atEnd.forEach(Runnable::run);
        atEnd.clear();
    }
}
