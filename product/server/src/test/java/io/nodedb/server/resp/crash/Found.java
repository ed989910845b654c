package io.nodedb.server.resp.crash;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * All that a server holds.
 *
 * @param begun milliseconds of the epoch before the first key was read
 * @param ended the same after the last one
 */
record Found(TreeMap<String, Value> values, long begun, long ended) {
    /** Elements in their order; those of sets and hashes, which have none, sorted. */
    record Value(String type, List<Element> elements, long expiresAt) {}

    /** A list's item, a set's member, {@code field=value}, {@code member=score}, or all bytes. */
    record Element(String text, long expiresAt) {}

    static Found in(RespConnection server) {
        long begun = System.currentTimeMillis();
        List<String> names =
                server.call("KEYS", "*").elements().stream().map(RespValue::asText).toList();
        List<RespValue> types = each(server, "TYPE", names);
        List<RespValue> ends = each(server, "PEXPIRETIME", names);
        TreeMap<String, Value> values = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            String type = types.get(i).asText();
            if (!type.equals("none")) { // it has expired since
                List<Element> elements = elements(server, names.get(i), type);
                if (!elements.isEmpty() && number(ends.get(i)) != -2) {
                    values.put(names.get(i), new Value(type, elements, number(ends.get(i))));
                }
            }
        }
        return new Found(values, begun, System.currentTimeMillis());
    }

    private static List<RespValue> each(RespConnection server, String command, List<String> keys) {
        return server.pipeline(keys.stream().map(key -> Words.of(command, key)).toList());
    }

    private static long number(RespValue reply) {
        return ((RespValue.Int) reply).number();
    }

    private static List<Element> elements(RespConnection server, String key, String type) {
        return switch (type) {
            case "string" ->
                    server.call("GET", key) instanceof RespValue.Bulk(String bytes)
                            ? List.of(new Element(bytes, Expiry.NO_END))
                            : List.of();
            case "list" -> plain(server.call("LRANGE", key, "0", "-1"), 1);
            case "set" -> sorted(plain(server.call("SMEMBERS", key), 1));
            case "zset" -> plain(server.call("ZRANGE", key, "0", "-1", "WITHSCORES"), 2);
            case "hash" -> sorted(fields(server, key));
            default -> throw new AssertionError("key " + key + " is of unknown type " + type);
        };
    }

    private static List<Element> plain(RespValue reply, int width) {
        List<Element> elements = new ArrayList<>();
        List<RespValue> items = reply.elements();
        for (int i = 0; i < items.size(); i += width) {
            String text = items.get(i).asText();
            elements.add(
                    new Element(
                            width == 1 ? text : text + "=" + items.get(i + 1).asText(),
                            Expiry.NO_END));
        }
        return elements;
    }

    private static List<Element> fields(RespConnection server, String key) {
        List<Element> fields = new ArrayList<>();
        List<RespValue> items = server.call("HGETALL", key).elements();
        for (int i = 0; i < items.size(); i += 2) {
            String field = items.get(i).asText();
            List<RespValue> end = server.call("HPEXPIRETIME", key, "FIELDS", "1", field).elements();
            if (end.size() == 1 && number(end.getFirst()) != -2) {
                fields.add(
                        new Element(
                                field + "=" + items.get(i + 1).asText(), number(end.getFirst())));
            }
        }
        return fields;
    }

    static List<Element> sorted(List<Element> elements) {
        return elements.stream().sorted((a, b) -> a.text().compareTo(b.text())).toList();
    }
}
