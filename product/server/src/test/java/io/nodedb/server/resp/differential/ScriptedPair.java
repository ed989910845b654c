package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real Redis and the tested server, to which some clients, each of a letter, send the same lines.
 *
 * <pre>
 *   a SET k v    a sends this and reads a reply: both must be the same
 *   a! PING      a sends this and reads nothing
 *   a?           a reads another reply
 *   a.           a reads the end of the connection
 * </pre>
 *
 * A word {@code ''} is the empty one. Both databases are emptied first. One thread uses it.
 */
final class ScriptedPair implements AutoCloseable {
    private final Endpoint redis;
    private final Endpoint tested;
    private final Map<String, RespConnection> redisClients = new TreeMap<>();
    private final Map<String, RespConnection> testedClients = new TreeMap<>();

    ScriptedPair(Endpoint redis, Endpoint tested) {
        this.redis = redis;
        this.tested = tested;
        run("a FLUSHALL");
    }

    RespConnection redis(String client) {
        return redisClients.computeIfAbsent(client, _ -> RespConnection.open(redis));
    }

    RespConnection tested(String client) {
        return testedClients.computeIfAbsent(client, _ -> RespConnection.open(tested));
    }

    void run(String... lines) {
        for (String line : lines) {
            List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
            words.replaceAll(word -> word.equals("''") ? "" : word);
            String client = words.removeFirst();
            String letter = client.substring(0, 1);
            switch (client.substring(1)) {
                case "" -> {
                    send(letter, new Words(words));
                    compareNext(letter, line);
                }
                case "!" -> send(letter, new Words(words));
                case "?" -> compareNext(letter, line);
                case "." -> {
                    assertEnded(redis(letter), "Redis: " + line);
                    assertEnded(tested(letter), line);
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private void send(String client, Words words) {
        for (RespConnection each : List.of(redis(client), tested(client))) {
            each.send(words);
            each.flush();
        }
    }

    private void compareNext(String client, String line) {
        RespValue expected = redis(client).read();
        assertThat(withoutIds(tested(client).read())).as(line).isEqualTo(withoutIds(expected));
    }

    private static void assertEnded(RespConnection client, String line) {
        assertThatThrownBy(client::read).as(line).isInstanceOf(UncheckedIOException.class);
    }

    /** The same reply with the number of the client in HELLO's as 0. */
    private static RespValue withoutIds(RespValue reply) {
        return switch (reply) {
            case RespValue.Items(List<RespValue> items) -> new RespValue.Items(withoutIds(items));
            case RespValue.Pairs(List<RespValue> items) -> new RespValue.Pairs(withoutIds(items));
            default -> reply;
        };
    }

    private static List<RespValue> withoutIds(List<RespValue> items) {
        List<RespValue> same = new ArrayList<>(items);
        int at = same.indexOf(new RespValue.Bulk("id"));
        if (at >= 0) {
            same.set(at + 1, new RespValue.Int(0));
        }
        return same;
    }

    @Override
    public void close() {
        redisClients.values().forEach(RespConnection::close);
        testedClients.values().forEach(RespConnection::close);
    }
}
