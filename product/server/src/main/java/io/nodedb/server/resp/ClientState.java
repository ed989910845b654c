package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
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
    private volatile String collectionName = "kv0";
    private int collection;
    private boolean authenticated;
    private boolean repliesOff;
    private boolean skipNext;
    private boolean skipping;
    private final List<Runnable> atEnd = new ArrayList<>();
    private @Nullable Transaction transaction;
    private int subscriptions;

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

    /** Id of the selected collection. */
    int collection() {
        return collection;
    }

    void select(int number, String collectionOfIt, int id) {
        database = number;
        collectionName = collectionOfIt;
        collection = id;
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

    void setTransaction(@Nullable Transaction begun) {
        transaction = begun;
    }

    /** The connection refused a command: EXEC will be refused too. */
    void failed() {
        Transaction begun = transaction;
        if (begun != null) {
            begun.refuse();
        }
    }

    /** Channels and patterns that the client listens to. */
    int subscriptions() {
        return subscriptions;
    }

    void setSubscriptions(int count) {
        subscriptions = count;
    }

    boolean isSubscribed() {
        return subscriptions > 0;
    }

    /** Runs when the connection ends. */
    void atEnd(Runnable action) {
        atEnd.add(action);
    }

    void end(RespConnection connection) {
        atEnd.forEach(Runnable::run);
        atEnd.clear();
    }
}
