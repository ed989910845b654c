package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Reply;
import java.util.LinkedHashSet;
import java.util.Set;

/** What one client listens to, in the order of its subscriptions. */
@ControlPlane
final class Subscriptions {
    private static final byte[] NONE = {};

    private final PubSub pubSub;
    private final RespConnection connection;
    private final Set<ChannelName> channels = new LinkedHashSet<>();
    private final Set<ChannelName> patterns = new LinkedHashSet<>();

    Subscriptions(PubSub pubSub, RespConnection connection) {
        this.pubSub = pubSub;
        this.connection = connection;
    }

    private Set<ChannelName> of(boolean pattern) {
        return pattern ? patterns : channels;
    }

    int count() {
        return channels.size() + patterns.size();
    }

    void subscribe(byte[] name, boolean pattern) {
        ChannelName key = new ChannelName(name);
        if (of(pattern).add(key)) {
            pubSub.add(key, pattern, connection);
        }
        connection.state().setSubscriptions(channels.size(), patterns.size());
        confirm(pattern ? "psubscribe" : "subscribe", name);
    }

    void unsubscribe(byte[] name, boolean pattern) {
        ChannelName key = new ChannelName(name);
        if (of(pattern).remove(key)) {
            pubSub.remove(key, pattern, connection);
        }
        connection.state().setSubscriptions(channels.size(), patterns.size());
        confirm(word(pattern), name);
    }

    private static String word(boolean pattern) {
        return pattern ? "punsubscribe" : "unsubscribe";
    }

    void unsubscribeAll(boolean pattern) {
        if (of(pattern).isEmpty()) {
            confirm(word(pattern), NONE);
            return;
        }
        for (ChannelName name : Set.copyOf(of(pattern))) {
            unsubscribe(name.bytes(), pattern);
        }
    }

    private void confirm(String what, byte[] name) {
        Reply reply = connection.build();
        reply.push(3);
        reply.bulk(what);
        if (name == NONE) {
            reply.nil();
        } else {
            reply.bulk(name);
        }
        reply.integer(count());
        connection.reply(reply);
    }

    /** The client has gone, or begins anew. */
    void end() {
        channels.forEach(name -> pubSub.remove(name, false, connection));
        patterns.forEach(name -> pubSub.remove(name, true, connection));
        channels.clear();
        patterns.clear();
        connection.state().setSubscriptions(0, 0);
    }
}
