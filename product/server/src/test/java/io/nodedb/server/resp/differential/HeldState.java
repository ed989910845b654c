package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.List;
import java.util.TreeMap;

/** All that a server holds: of every key the type, the value and when it expires. */
record HeldState(TreeMap<String, HeldKey> keys) {
    private static final Words TIME_LEFT = Words.of("PTTL");

    /** {@code timeLeft} is PTTL's reply. */
    record HeldKey(String type, RespValue value, RespValue timeLeft) {}

    static HeldState of(RespConnection server) {
        List<String> names =
                server.call("KEYS", "*").elements().stream().map(RespValue::asText).toList();
        List<RespValue> types =
                server.pipeline(names.stream().map(n -> Words.of("TYPE", n)).toList());
        List<RespValue> times =
                server.pipeline(names.stream().map(n -> Words.of("PTTL", n)).toList());
        TreeMap<String, HeldKey> keys = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            String type = types.get(i).asText();
            RespValue value = server.call(reading(names.get(i), type));
            keys.put(names.get(i), new HeldKey(type, comparable(type, value), times.get(i)));
        }
        return new HeldState(keys);
    }

    private static Words reading(String key, String type) {
        return switch (type) {
            case "string" -> Words.of("GET", key);
            case "hash" -> Words.of("HGETALL", key);
            case "set" -> Words.of("SMEMBERS", key);
            case "list" -> Words.of("LRANGE", key, "0", "-1");
            case "zset" -> Words.of("ZRANGE", key, "0", "-1", "WITHSCORES");
            default -> throw new AssertionError("key " + key + " is of unknown type " + type);
        };
    }

    /** Sets and hashes in one order; of a hash the fields with their values. */
    private static RespValue comparable(String type, RespValue value) {
        return switch (type) {
            case "hash" -> ServerPair.sorted(new RespValue.Pairs(value.elements()));
            case "set" -> ServerPair.sorted(value);
            case "zset" -> ServerPair.withoutSignOfZero(value);
            default -> value;
        };
    }

    /** A difference is named with its key, so that the commands on that key can be told. */
    void assertSameAs(HeldState tested) {
        assertThat(tested.keys().keySet()).as("keys").isEqualTo(keys.keySet());
        keys.forEach((name, held) -> {
            HeldKey other = tested.keys().get(name);
            boolean same =
                    held.type().equals(other.type())
                            && held.value().equals(other.value())
                            && (held.timeLeft().equals(other.timeLeft())
                                    || ServerPair.sameTime(
                                            TIME_LEFT, held.timeLeft(), other.timeLeft()));
            if (!same) {
                throw new KeyDiffers(name, held + "\nand the tested server\n  " + other);
            }
        });
    }

    /** Two servers hold different things under a key. */
    static final class KeyDiffers extends AssertionError {
        private final String key;

        KeyDiffers(String key, String difference) {
            super("Under key " + key + " Redis holds\n  " + difference);
            this.key = key;
        }

        String key() {
            return key;
        }
    }
}
