package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import io.nodedb.plan.kv.command.Glob;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who listens to which channels and patterns, over all lanes. A message is built once and handed to
 * each subscriber on its own lane; messages of one publisher reach a subscriber in their order.
 */
@Shared("concurrent maps")
final class PubSub {
    private final Map<ChannelName, Set<RespConnection>> channels = new ConcurrentHashMap<>();
    private final Map<ChannelName, Set<RespConnection>> patterns = new ConcurrentHashMap<>();

    private Map<ChannelName, Set<RespConnection>> of(boolean pattern) {
        return pattern ? patterns : channels;
    }

    void add(ChannelName name, boolean pattern, RespConnection connection) {
        of(pattern)
                .compute(
                        name,
                        (key, known) -> {
                            Set<RespConnection> all =
                                    known == null ? ConcurrentHashMap.newKeySet() : known;
                            all.add(connection);
                            return all;
                        });
    }

    void remove(ChannelName name, boolean pattern, RespConnection connection) {
        of(pattern)
                .computeIfPresent(
                        name,
                        (key, known) -> {
                            known.remove(connection);
                            return known.isEmpty() ? null : known;
                        });
    }

    /** Delivers a message; how many clients get it. */
    int publish(RespConnection publisher, byte[] channel, byte[] message) {
        int receivers = 0;
        Set<RespConnection> listeners = channels.get(new ChannelName(channel));
        if (listeners != null) {
            Reply content = new Reply();
            content.push(3);
            content.bulk("message");
            content.bulk(channel);
            content.bulk(message);
            receivers += deliver(publisher, listeners, content);
        }
        for (Map.Entry<ChannelName, Set<RespConnection>> each : patterns.entrySet()) {
            byte[] pattern = each.getKey().bytes();
            if (Glob.matches(pattern, channel)) {
                Reply content = new Reply();
                content.push(4);
                content.bulk("pmessage");
                content.bulk(pattern);
                content.bulk(channel);
                content.bulk(message);
                receivers += deliver(publisher, each.getValue(), content);
            }
        }
        return receivers;
    }

    private static int deliver(
            RespConnection publisher, Set<RespConnection> listeners, Reply content) {
        int count = 0;
        for (RespConnection listener : listeners) {
            listener.pushFrom(publisher, content);
            count++;
        }
        return count;
    }

    /** Channels that somebody listens to; {@code pattern} empty for all. */
    List<byte[]> active(byte[] pattern) {
        List<byte[]> names = new ArrayList<>();
        for (ChannelName name : channels.keySet()) {
            if (pattern.length == 0 || Glob.matches(pattern, name.bytes())) {
                names.add(name.bytes());
            }
        }
        return names;
    }

    int listeners(byte[] channel) {
        Collection<RespConnection> all = channels.get(new ChannelName(channel));
        return all == null ? 0 : all.size();
    }

    int patterns() {
        return patterns.size();
    }

    int channels() {
        return channels.size();
    }
}
