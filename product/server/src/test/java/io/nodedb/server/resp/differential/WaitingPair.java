package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A real Redis and the tested server, each with a client that writes and some that wait. After each
 * step both must have the same clients waiting, and who waits no longer must have got the same.
 */
final class WaitingPair implements AutoCloseable {
    static final int WAITERS = 5;

    /** Until the tested server is where Redis is; a bound on a hang, not an expectation. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int TOLD_STEPS = 40;

    private final Side redis;
    private final Side tested;
    private final ServerPair writers;
    private final Set<Integer> waiting = new TreeSet<>();
    private final List<String> story = new ArrayList<>();

    private WaitingPair(Side redis, Side tested) {
        this.redis = redis;
        this.tested = tested;
        writers = new ServerPair(redis.writer, tested.writer);
    }

    static WaitingPair open(Endpoint redis, Endpoint tested) {
        WaitingPair pair = new WaitingPair(new Side(redis), new Side(tested));
        pair.writers.run(Words.of("FLUSHALL"));
        return pair;
    }

    boolean waits(int client) {
        return waiting.contains(client);
    }

    /**
     * A client gives a command with which it may wait; the time of an earlier one runs out first.
     */
    void waitWith(int client, Words command) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (waits(client)) {
            if (System.nanoTime() - deadline > 0) {
                throw told("client " + client + " still waits");
            }
            settle();
        }
        story.add(client + ": " + command);
        redis.begin(client, command);
        tested.begin(client, command);
        waiting.add(client);
        settle();
    }

    void write(Words command) {
        story.add("writer: " + command);
        try {
            writers.run(command);
        } catch (AssertionError difference) {
            throw told(difference.getMessage());
        }
        settle();
    }

    /** The number of a client, and what it is to be told. */
    void unblock(List<String> words) {
        story.add("unblock: " + words);
        int client = Integer.parseInt(words.getFirst());
        List<String> rest = words.subList(1, words.size());
        RespValue expected = redis.unblock(client, rest);
        RespValue actual = tested.unblock(client, rest);
        assertThat(actual).as(story.toString()).isEqualTo(expected);
        settle();
    }

    private void settle() {
        Set<Integer> still = redis.waiting(waiting);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Set<Integer> actual = tested.waiting(waiting);
        while (!actual.equals(still)) {
            if (System.nanoTime() - deadline > 0) {
                throw told("in Redis these wait: " + still + ", in the tested server " + actual);
            }
            // Time may run out there, too.
            still = redis.waiting(waiting);
            actual = tested.waiting(waiting);
        }
        for (int client : List.copyOf(waiting)) {
            if (!still.contains(client)) {
                waiting.remove(client);
                RespValue expected = redis.waiters[client].read();
                RespValue got = tested.waiters[client].read();
                if (!expected.equals(got)) {
                    throw told(
                            "client "
                                    + client
                                    + " gets "
                                    + expected
                                    + " from Redis, from the tested server "
                                    + got);
                }
            }
        }
    }

    private AssertionError told(String what) {
        List<String> last = story.subList(Math.max(0, story.size() - TOLD_STEPS), story.size());
        return new AssertionError(what + "\n" + String.join("\n", last));
    }

    /** All are unblocked; both hold the same. */
    void endAll() {
        for (int client : List.copyOf(waiting)) {
            unblock(List.of(Integer.toString(client)));
        }
        try {
            HeldState.of(redis.writer).assertSameAs(HeldState.of(tested.writer));
        } catch (AssertionError difference) {
            throw told(difference.getMessage());
        }
    }

    @Override
    public void close() {
        redis.close();
        tested.close();
    }

    /** One of the servers. */
    private static final class Side implements AutoCloseable {
        final RespConnection writer;
        final RespConnection[] waiters = new RespConnection[WAITERS];
        private final RespConnection watcher;
        private final String[] ids = new String[WAITERS];

        Side(Endpoint endpoint) {
            writer = RespConnection.open(endpoint);
            watcher = RespConnection.open(endpoint);
            for (int i = 0; i < WAITERS; i++) {
                waiters[i] = RespConnection.open(endpoint);
                ids[i] = waiters[i].call("CLIENT", "ID").asText();
            }
        }

        /** ECHO is the last command until the server has come to the one that may wait. */
        void begin(int client, Words command) {
            RespValue ignored = waiters[client].call("ECHO", "before");
            waiters[client].send(command);
            waiters[client].flush();
        }

        /** Which of {@code clients} wait, when the server has come to all their commands. */
        Set<Integer> waiting(Set<Integer> clients) {
            while (true) {
                String list = watcher.call("CLIENT", "LIST").asText();
                Set<Integer> found = new TreeSet<>();
                boolean begun = true;
                for (int client : clients) {
                    String line = line(list, ids[client]);
                    begun &= !line.contains(" cmd=echo ");
                    if (line.matches(".* flags=[a-zA-Z]*b.*")) {
                        found.add(client);
                    }
                }
                if (begun) {
                    return found;
                }
            }
        }

        private static String line(String list, String id) {
            return list.lines()
                    .filter(line -> line.startsWith("id=" + id + " "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no client " + id + ": " + list));
        }

        RespValue unblock(int client, List<String> rest) {
            List<String> words = new ArrayList<>(List.of("CLIENT", "UNBLOCK", ids[client]));
            words.addAll(rest);
            return watcher.call(new Words(words));
        }

        @Override
        public void close() {
            writer.close();
            watcher.close();
            for (RespConnection waiter : waiters) {
                waiter.close();
            }
        }
    }
}
