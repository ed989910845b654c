package io.nodedb.server.resp.crash;

import io.nodedb.base.errors.Check;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys that only one client writes, as plain Java collections: what acknowledged commands have
 * made of them. Keys of one name hold one type.
 */
final class OwnKeys {
    static final String NIL = "nil";
    static final String OK = "OK";
    static final String ERROR = "error";

    private final TreeMap<String, Held> held = new TreeMap<>();

    OwnKeys copy() {
        OwnKeys copy = new OwnKeys();
        held.forEach((key, value) -> copy.held.put(key, value.copy()));
        return copy;
    }

    /** A reply as the model tells it. */
    static String text(RespValue reply) {
        return switch (reply) {
            case RespValue.Failure _ -> ERROR;
            case RespValue.Null _ -> NIL;
            case RespValue.Items(List<RespValue> items) ->
                    items.stream().map(OwnKeys::text).collect(Collectors.joining(" ", "[", "]"));
            default -> reply.asText();
        };
    }

    static List<String> keysOf(Words command) {
        List<String> words = command.words();
        return switch (words.getFirst()) {
            case "MSET" -> {
                List<String> keys = new ArrayList<>();
                for (int i = 1; i < words.size(); i += 2) {
                    keys.add(words.get(i));
                }
                yield keys;
            }
            case "DEL" -> words.subList(1, words.size());
            case "RENAME", "COPY" -> words.subList(1, 3);
            default -> words.subList(1, 2);
        };
    }

    /**
     * Does a command.
     *
     * @param reply what it was answered; null when it was not
     * @param step when it was sent and settled
     * @return the reply that there must be; null when that depends on what has expired
     */
    @Nullable String apply(Words command, @Nullable String reply, Step step) {
        List<String> words = command.words();
        String key = words.get(1);
        String expected =
                switch (words.getFirst().charAt(0)) {
                    case 'H' -> hash(words, key);
                    case 'L', 'R' ->
                            words.getFirst().equals("RENAME")
                                    ? rename(key, words.get(2))
                                    : list(words, key);
                    case 'Z' -> sortedSet(words, key);
                    default -> other(words, key, reply, step);
                };
        for (String touched : keysOf(command)) {
            Held value = held.get(touched);
            if (value != null && value.isEmpty()) {
                held.remove(touched);
            }
        }
        return OwnKeySpace.isTimed(key) ? null : expected;
    }

    private Held of(String key, String type) {
        return held.computeIfAbsent(key, absent -> new Held(type));
    }

    private @Nullable String other(
            List<String> words, String key, @Nullable String reply, Step step) {
        return switch (words.getFirst()) {
            case "SET" -> {
                Held value = new Held("string");
                value.put("", words.get(2));
                if (words.size() > 3) {
                    long millis = Long.parseLong(words.get(4));
                    value.expiry =
                            Expiry.between(step.sentMillis + millis, step.settledMillis + millis);
                }
                held.put(key, value);
                yield OK;
            }
            case "MSET" -> {
                for (int i = 1; i < words.size(); i += 2) {
                    Held value = new Held("string");
                    value.put("", words.get(i + 1));
                    held.put(words.get(i), value);
                }
                yield OK;
            }
            case "APPEND" -> {
                Held value = of(key, "string");
                value.put("", value.get("", "") + words.get(2));
                yield Integer.toString(value.get("", "").length());
            }
            case "INCRBY" -> add(of(key, "string"), "", words.get(2));
            case "SETBIT" -> setBit(of(key, "string"), words);
            case "DEL" ->
                    Long.toString(
                            words.stream()
                                    .skip(1)
                                    .filter(name -> held.remove(name) != null)
                                    .count());
            case "COPY" -> {
                Held value = held.get(key);
                if (value != null) {
                    held.put(words.get(2), value.copy());
                }
                yield value == null ? "0" : "1";
            }
            case "PEXPIREAT" -> expire(key, Long.parseLong(words.get(2)), step);
            case "PERSIST" -> persist(key, reply, step);
            case "SADD", "SREM" -> set(words, key);
            default -> throw new AssertionError("unknown to the model: " + words);
        };
    }

    private String rename(String from, String to) {
        Held value = held.remove(from);
        if (value == null) {
            return ERROR;
        }
        held.put(to, value);
        return OK;
    }

    private static String add(Held value, String name, String amount) {
        Held.Cell cell = value.cells.get(name);
        long sum = (cell == null ? 0 : Long.parseLong(cell.value())) + Long.parseLong(amount);
        Expiry kept = cell == null ? Expiry.NEVER : cell.expiry();
        value.cells.put(name, new Held.Cell(Long.toString(sum), kept));
        return Long.toString(sum);
    }

    private static String setBit(Held value, List<String> words) {
        int bit = Integer.parseInt(words.get(2));
        StringBuilder bytes = new StringBuilder(value.get("", ""));
        while (bytes.length() <= bit / 8) {
            bytes.append('\0');
        }
        int mask = 0x80 >>> bit % 8;
        int before = bytes.charAt(bit / 8);
        int after = words.get(3).equals("1") ? before | mask : before & ~mask;
        bytes.setCharAt(bit / 8, (char) after);
        value.put("", bytes.toString());
        return (before & mask) == 0 ? "0" : "1";
    }

    /** An end before the command was sent deletes. */
    private String expire(String key, long millis, Step step) {
        Held value = held.get(key);
        if (value == null) {
            return "0";
        }
        if (millis <= step.sentMillis) {
            held.remove(key);
        } else {
            value.expiry = Expiry.at(millis);
        }
        return "1";
    }

    private String persist(String key, @Nullable String reply, Step step) {
        Held value = held.get(key);
        if (value == null || value.expiry.isNever()) {
            return "0";
        }
        if (!OwnKeySpace.isTimed(key) || "1".equals(reply)) {
            value.expiry = Expiry.NEVER;
        } else if (reply == null) {
            value.expiry = value.expiry.uncertain();
        } else if (value.expiry.certain()) {
            Check.that(
                    value.expiry.mayHaveEnded(step.settledMillis),
                    "what has not expired can be kept: " + key + " " + value + " " + step);
            held.remove(key);
        }
        return "1";
    }

    private String hash(List<String> words, String key) {
        Held value = of(key, "hash");
        return switch (words.getFirst()) {
            case "HSET" -> {
                int before = value.cells.size();
                for (int i = 2; i < words.size(); i += 2) {
                    value.put(words.get(i), words.get(i + 1));
                }
                yield Integer.toString(value.cells.size() - before);
            }
            case "HDEL" -> value.cells.remove(words.get(2)) == null ? "0" : "1";
            case "HINCRBY" -> add(value, words.get(2), words.get(3));
            case "HPEXPIREAT" -> {
                Held.Cell cell = value.cells.get(words.get(5));
                if (cell != null) {
                    Expiry end = Expiry.at(Long.parseLong(words.get(2)));
                    value.cells.put(words.get(5), new Held.Cell(cell.value(), end));
                }
                yield cell == null ? "[-2]" : "[1]";
            }
            case "HPERSIST" -> {
                Held.Cell cell = value.cells.get(words.get(4));
                if (cell != null) {
                    value.put(words.get(4), cell.value());
                }
                yield cell == null ? "[-2]" : cell.expiry().isNever() ? "[-1]" : "[1]";
            }
            default -> throw new AssertionError("unknown to the model: " + words);
        };
    }

    private String list(List<String> words, String key) {
        List<String> items = of(key, "list").items;
        return switch (words.getFirst()) {
            case "RPUSH" -> {
                items.addAll(words.subList(2, words.size()));
                yield Integer.toString(items.size());
            }
            case "LPUSH" -> {
                words.stream().skip(2).forEach(items::addFirst);
                yield Integer.toString(items.size());
            }
            case "LPOP" -> items.isEmpty() ? NIL : items.removeFirst();
            case "RPOP" -> items.isEmpty() ? NIL : items.removeLast();
            case "LSET" -> {
                int index = Integer.parseInt(words.get(2));
                if (index >= items.size()) {
                    yield ERROR;
                }
                items.set(index, words.get(3));
                yield OK;
            }
            case "LTRIM" -> {
                int last = Integer.parseInt(words.get(3));
                while (items.size() > last + 1) {
                    items.removeLast();
                }
                yield OK;
            }
            default -> throw new AssertionError("unknown to the model: " + words);
        };
    }

    private String set(List<String> words, String key) {
        Held value = of(key, "set");
        int before = value.cells.size();
        for (String member : words.subList(2, words.size())) {
            if (words.getFirst().equals("SADD")) {
                value.put(member, "");
            } else {
                value.cells.remove(member);
            }
        }
        return Integer.toString(Math.abs(value.cells.size() - before));
    }

    private String sortedSet(List<String> words, String key) {
        Held value = of(key, "zset");
        return switch (words.getFirst()) {
            case "ZADD" -> {
                int before = value.cells.size();
                for (int i = 2; i < words.size(); i += 2) {
                    value.put(words.get(i + 1), words.get(i));
                }
                yield Integer.toString(value.cells.size() - before);
            }
            case "ZINCRBY" -> add(value, words.get(3), words.get(2));
            case "ZREM" -> value.cells.remove(words.get(2)) == null ? "0" : "1";
            case "ZPOPMIN" -> {
                if (value.cells.isEmpty()) {
                    yield "[]";
                }
                String lowest = value.ranking().getFirst();
                String score = value.get(lowest, "");
                value.cells.remove(lowest);
                yield "[" + lowest + " " + score + "]";
            }
            default -> throw new AssertionError("unknown to the model: " + words);
        };
    }

    /**
     * Of the keys whose names begin so: one that a server holds and should not, or the other way;
     * null for none.
     */
    @Nullable String difference(Found found, String prefix) {
        Map<String, Found.Value> there =
                found.values().subMap(prefix, true, prefix + Character.MAX_VALUE, false);
        for (Map.Entry<String, Found.Value> entry : there.entrySet()) {
            Held value = held.get(entry.getKey());
            if (value == null || !value.admits(entry.getValue(), found)) {
                return entry + " is there, expected " + value;
            }
        }
        for (Map.Entry<String, Held> entry : held.entrySet()) {
            if (!there.containsKey(entry.getKey())
                    && !entry.getValue().mayHaveEnded(found.ended())) {
                return entry + " is not there";
            }
        }
        return null;
    }

    /**
     * After a look at the server nothing is left open: what has expired is gone, and an end that
     * was uncertain is the one that was found.
     */
    void settle(Found found) {
        held.entrySet().removeIf(entry -> !found.values().containsKey(entry.getKey()));
        held.forEach((key, value) -> {
            Found.Value there = found.values().get(key);
            if (!value.expiry.certain() || !value.expiry.isNever()) {
                value.expiry =
                        there.expiresAt() == Expiry.NO_END
                                ? Expiry.NEVER
                                : Expiry.at(there.expiresAt());
            }
        });
    }
}
