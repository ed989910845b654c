package io.nodedb.server.resp.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys that all clients write: accounts between which money moves, so that their sum stays zero,
 * and turns. Who takes a turn counts it and writes one value to several keys of several partitions,
 * all at once; so the turn's number tells which value must be in all of them. Used by every
 * client's thread, under its monitor.
 */
final class SharedKeys {
    static final String PREFIX = "shared.";
    static final String TURN = PREFIX + "turn";
    static final int ACCOUNTS = 8;
    private static final int TOGETHER = 4;

    private final Map<Long, String> acknowledged = new HashMap<>();
    private final Map<Integer, String> begun = new HashMap<>();
    private long turnsBefore;

    static String account(int number) {
        return PREFIX + "account" + number;
    }

    private static String together(int number) {
        return PREFIX + "together" + number;
    }

    synchronized List<Words> beginTurn(int client, String value) {
        begun.put(client, value);
        List<Words> commands = new ArrayList<>();
        commands.add(Words.of("INCR", TURN));
        for (int i = 0; i < TOGETHER; i++) {
            commands.add(Words.of("SET", together(i), value));
        }
        return commands;
    }

    synchronized void endTurn(int client, RespValue exec) {
        assertThat(exec).isInstanceOf(RespValue.Items.class);
        long turn = ((RespValue.Int) exec.elements().getFirst()).number();
        String value = begun.remove(client);
        assertThat(acknowledged.put(turn, value == null ? "" : value))
                .as("nobody else has had turn %s", turn)
                .isNull();
        assertThat(turn).as("turns that lasted stay").isGreaterThan(turnsBefore);
    }

    /** One command that reads keys of several partitions, which must fit together. */
    static Words reading() {
        List<String> words = new ArrayList<>(List.of("MGET"));
        IntStream.range(0, ACCOUNTS).forEach(i -> words.add(account(i)));
        IntStream.range(0, TOGETHER).forEach(i -> words.add(together(i)));
        return new Words(words);
    }

    /** Checks the reply to {@link #reading}. */
    static void checkRead(RespValue reply) {
        List<RespValue> values = reply.elements();
        assertThat(values).as("%s", reply).hasSize(ACCOUNTS + TOGETHER);
        long sum = values.subList(0, ACCOUNTS).stream().mapToLong(value -> balance(value)).sum();
        assertThat(sum).as("sum of all accounts in %s", reply).isZero();
        assertThat(new HashSet<>(values.subList(ACCOUNTS, values.size())))
                .as("a turn is seen whole in %s", reply)
                .hasSize(1);
    }

    static long balance(RespValue value) {
        return value instanceof RespValue.Bulk(String digits) ? Long.parseLong(digits) : 0;
    }

    /** What was found holds all that was acknowledged, and no more than was begun. */
    synchronized void compare(Found found) {
        long turns = Long.parseLong(only(found, TURN, "0"));
        long least = turnsBefore + acknowledged.size();
        assertThat(turns).as("turns").isBetween(least, least + begun.size());
        assertThat(acknowledged.keySet()).as("turns").allMatch(turn -> turn <= turns);
        Set<String> written = new HashSet<>();
        IntStream.range(0, TOGETHER).forEach(i -> written.add(only(found, together(i), "")));
        assertThat(written).as("values of the last turn").hasSize(1);
        if (turns > turnsBefore) {
            @Nullable String last = acknowledged.get(turns);
            assertThat(written.iterator().next())
                    .as("value of turn %s", turns)
                    .isIn(last == null ? begun.values() : List.of(last));
        }
        long sum =
                IntStream.range(0, ACCOUNTS)
                        .mapToLong(i -> Long.parseLong(only(found, account(i), "0")))
                        .sum();
        assertThat(sum).as("sum of all accounts").isZero();
        turnsBefore = turns;
        acknowledged.clear();
        begun.clear();
    }

    private static String only(Found found, String key, String absent) {
        Found.Value value = found.values().get(key);
        return value == null ? absent : value.elements().getFirst().text();
    }
}
