package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** All connections of a server, by id. Entries are their lanes'; others read what is volatile. */
@Shared("a concurrent map and counters")
final class RespClients {
    private final ConcurrentSkipListMap<Long, RespConnection> byId = new ConcurrentSkipListMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    long nextId() {
        return ids.incrementAndGet();
    }

    /** Takes a place for a connection; false when there are {@code limit} already. */
    boolean admit(int limit) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            refused.incrementAndGet();
            return false;
        }
        accepted.incrementAndGet();
        return true;
    }

    void add(RespConnection connection) {
        byId.put(connection.state().id(), connection);
    }

    void remove(RespConnection connection) {
        if (byId.remove(connection.state().id()) != null) {
            open.decrementAndGet();
        }
    }

    Collection<RespConnection> all() {
        return byId.values();
    }

    @Nullable RespConnection byId(long id) {
        return byId.get(id);
    }

    int open() {
        return open.get();
    }

    /** Clients that wait for a key to have something. */
    long blocked() {
        return byId.values().stream().filter(each -> each.state().isBlocked()).count();
    }

    long accepted() {
        return accepted.get();
    }

    long refused() {
        return refused.get();
    }
}
