package io.nodedb.server.resp.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A few tokens in queues of several partitions, for which all clients wait: they move them from one
 * queue to another, or take one out and put it back. However the server dies, every token is in one
 * queue, but for those that somebody has taken out. Used by every client's thread, under its
 * monitor.
 */
final class Tokens {
    private static final int TOKENS = 5;
    private static final int QUEUES = 4;

    /** Seconds: so short that the clients have other things to do, too. */
    private static final String PATIENCE = "0.02";

    /** Clients that have asked for a token and have not been answered. */
    private final Set<Integer> asking = new HashSet<>();

    /** Tokens that clients have taken out and not begun to put back. */
    private final Map<Integer, String> taken = new HashMap<>();

    /** The tokens have been made. */
    private boolean isBegun;

    /** Tokens that clients are putting back. */
    private final Map<Integer, String> returning = new HashMap<>();

    private static String queue(int number) {
        return SharedKeys.PREFIX + "queue" + number;
    }

    private static String queue(SplittableRandom random) {
        return queue(random.nextInt(QUEUES));
    }

    private static String end(SplittableRandom random) {
        return random.nextBoolean() ? "LEFT" : "RIGHT";
    }

    static void move(RespConnection server, SplittableRandom random) {
        RespValue reply =
                server.call(
                        "BLMOVE", queue(random), queue(random), end(random), end(random), PATIENCE);
        assertThat(reply).isInstanceOfAny(RespValue.Bulk.class, RespValue.Null.class);
    }

    void takeAndReturn(int client, RespConnection server, SplittableRandom random) {
        synchronized (this) {
            asking.add(client);
        }
        RespValue reply =
                server.call(
                        random.nextBoolean() ? "BLPOP" : "BRPOP",
                        queue(random),
                        queue(random),
                        PATIENCE);
        synchronized (this) {
            asking.remove(client);
            if (reply instanceof RespValue.Null) {
                return;
            }
            taken.put(client, reply.elements().get(1).asText());
        }
        String token;
        synchronized (this) {
            token = taken.remove(client);
            returning.put(client, token);
        }
        assertThat(server.call("RPUSH", queue(random), token)).isInstanceOf(RespValue.Int.class);
        synchronized (this) {
            returning.remove(client);
        }
    }

    /** What was found is what must be; then all tokens are there again. */
    synchronized void compareAndComplete(Found found, RespConnection server) {
        List<String> there = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            Found.Value queue = found.values().get(queue(i));
            if (queue != null) {
                queue.elements().forEach(element -> there.add(element.text()));
            }
        }
        assertThat(there).as("tokens").doesNotHaveDuplicates();
        assertThat(there).as("taken out: %s", taken).noneMatch(taken::containsValue);
        Set<String> missing = new TreeSet<>();
        for (int i = 0; i < TOKENS; i++) {
            missing.add("token" + i);
        }
        assertThat(missing).containsAll(there);
        there.forEach(missing::remove);
        Set<String> lost = new TreeSet<>(missing);
        lost.removeAll(taken.values());
        lost.removeAll(returning.values());
        if (isBegun) {
            assertThat(lost.size())
                    .as("lost: %s, %s ask for one", lost, asking)
                    .isLessThanOrEqualTo(asking.size());
        }
        isBegun = true;
        for (String token : missing) {
            RespValue ignored = server.call(Words.of("RPUSH", queue(0), token));
        }
        asking.clear();
        taken.clear();
        returning.clear();
    }
}
