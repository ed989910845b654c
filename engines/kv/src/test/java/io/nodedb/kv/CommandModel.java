package io.nodedb.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a few commands do, in the plainest way: a map of keys to strings of one letter per byte.
 * Replies are as {@link ReplyText} writes them.
 */
final class CommandModel {
    record Value(String text, long expireAt) {}

    private final Map<String, Value> values = new TreeMap<>();
    long nowMillis;

    CommandModel() {}

    CommandModel(CommandModel other) {
        values.putAll(other.values);
    }

    String run(List<String> command) {
        values.values().removeIf(value -> value.expireAt != 0 && value.expireAt <= nowMillis);
        List<String> arguments = command.subList(1, command.size());
        String key = arguments.getFirst();
        Value before = values.get(key);
        String text = before == null ? "" : before.text;
        long expireAt = before == null ? 0 : before.expireAt;
        return switch (command.getFirst()) {
            case "GET" -> bulk(before);
            case "SET" -> set(arguments, before);
            case "APPEND" -> {
                values.put(key, new Value(text + arguments.get(1), expireAt));
                yield Integer.toString(text.length() + arguments.get(1).length());
            }
            case "GETDEL" -> {
                values.remove(key);
                yield bulk(before);
            }
            case "GETRANGE" -> range(text, arguments);
            case "SETRANGE" -> setRange(key, text, expireAt, arguments);
            case "INCRBY" -> increment(key, before, Long.parseLong(arguments.get(1)));
            case "MSET" -> {
                putPairs(arguments);
                yield "+OK";
            }
            case "MSETNX" -> {
                for (int i = 0; i < arguments.size(); i += 2) {
                    if (values.containsKey(arguments.get(i))) {
                        yield "0";
                    }
                }
                putPairs(arguments);
                yield "1";
            }
            case "MGET" -> {
                List<String> found = new ArrayList<>();
                arguments.forEach(name -> found.add(bulk(values.get(name))));
                yield "[" + String.join(" ", found) + "]";
            }
            case "DEL" -> count(arguments, name -> values.remove(name) != null);
            case "EXISTS" -> count(arguments, values::containsKey);
            case "RENAME" -> {
                if (before == null) {
                    yield "-ERR no such key";
                }
                values.remove(key);
                values.put(arguments.get(1), before);
                yield "+OK";
            }
            case "COPY" -> {
                if (key.equals(arguments.get(1))) {
                    yield "-ERR source and destination objects are the same";
                }
                boolean replaces = arguments.size() == 3;
                if (before == null || (!replaces && values.containsKey(arguments.get(1)))) {
                    yield "0";
                }
                values.put(arguments.get(1), before);
                yield "1";
            }
            case "PEXPIREAT" -> expire(key, before, arguments);
            case "PEXPIRETIME" -> before == null ? "-2" : expireAt == 0 ? "-1" : "" + expireAt;
            case "PERSIST" -> {
                if (expireAt != 0) {
                    values.put(key, new Value(text, 0));
                }
                yield expireAt != 0 ? "1" : "0";
            }
            case "SETBIT" -> setBit(key, text, expireAt, arguments);
            case "BITCOUNT" -> {
                int bits = 0;
                for (int i = 0; i < text.length(); i++) {
                    bits += Integer.bitCount(text.charAt(i));
                }
                yield Integer.toString(bits);
            }
            case "BITOP" -> xor(arguments);
            default -> throw new AssertionError(command);
        };
    }

    private interface Test {
        boolean test(String key);
    }

    private static String count(List<String> keys, Test test) {
        int count = 0;
        for (String key : keys) {
            count += test.test(key) ? 1 : 0;
        }
        return Integer.toString(count);
    }

    private static String bulk(@Nullable Value value) {
        return value == null ? "nil" : ReplyText.quote(value.text);
    }

    private String set(List<String> arguments, @Nullable Value before) {
        List<String> options = arguments.subList(2, arguments.size());
        boolean refused =
                (options.contains("NX") && before != null)
                        || (options.contains("XX") && before == null);
        if (!refused) {
            int expiry = options.indexOf("PXAT");
            long expireAt = expiry < 0 ? 0 : Long.parseLong(options.get(expiry + 1));
            if (options.contains("KEEPTTL") && before != null) {
                expireAt = before.expireAt;
            }
            values.put(arguments.getFirst(), new Value(arguments.get(1), expireAt));
        }
        if (options.contains("GET")) {
            return bulk(before);
        }
        return refused ? "nil" : "+OK";
    }

    private void putPairs(List<String> pairs) {
        for (int i = 0; i < pairs.size(); i += 2) {
            values.put(pairs.get(i), new Value(pairs.get(i + 1), 0));
        }
    }

    private static String range(String text, List<String> arguments) {
        int start = Integer.parseInt(arguments.get(1));
        int end = Integer.parseInt(arguments.get(2));
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean behindStart = start < 0 ? i >= text.length() + start : i >= start;
            boolean beforeEnd = end < 0 ? i <= Math.max(0, text.length() + end) : i <= end;
            boolean reversed = start < 0 && end < 0 && start > end;
            part.append(behindStart && beforeEnd && !reversed ? "" + text.charAt(i) : "");
        }
        return ReplyText.quote(part.toString());
    }

    private String setRange(String key, String text, long expireAt, List<String> arguments) {
        int offset = Integer.parseInt(arguments.get(1));
        String part = arguments.get(2);
        if (part.isEmpty()) {
            return Integer.toString(text.length());
        }
        char[] after =
                Arrays.copyOf(text.toCharArray(), Math.max(text.length(), offset + part.length()));
        part.getChars(0, part.length(), after, offset);
        values.put(key, new Value(new String(after), expireAt));
        return Integer.toString(after.length);
    }

    private String increment(String key, @Nullable Value before, long amount) {
        String text = before == null ? "0" : before.text;
        try {
            long number = Long.parseLong(text);
            if (!Long.toString(number).equals(text)) {
                return "-ERR value is not an integer or out of range";
            }
            String sum = Long.toString(Math.addExact(number, amount));
            values.put(key, new Value(sum, before == null ? 0 : before.expireAt));
            return sum;
        } catch (NumberFormatException e) {
            return "-ERR value is not an integer or out of range";
        } catch (ArithmeticException e) {
            return "-ERR increment or decrement would overflow";
        }
    }

    private String expire(String key, @Nullable Value before, List<String> arguments) {
        long at = Long.parseLong(arguments.get(1));
        String condition = arguments.size() > 2 ? arguments.get(2) : "";
        if (before == null) {
            return "0";
        }
        long old = before.expireAt == 0 ? Long.MAX_VALUE : before.expireAt;
        boolean holds =
                switch (condition) {
                    case "NX" -> before.expireAt == 0;
                    case "XX" -> before.expireAt != 0;
                    case "GT" -> at > old;
                    case "LT" -> at < old;
                    default -> true;
                };
        if (holds) {
            values.put(key, new Value(before.text, at));
        }
        return holds ? "1" : "0";
    }

    private String setBit(String key, String text, long expireAt, List<String> arguments) {
        int place = Integer.parseInt(arguments.get(1));
        char[] after = Arrays.copyOf(text.toCharArray(), Math.max(text.length(), place / 8 + 1));
        int mask = 0x80 >> place % 8;
        boolean old = (after[place / 8] & mask) != 0;
        boolean wanted = arguments.get(2).equals("1");
        after[place / 8] ^= (char) (old == wanted ? 0 : mask);
        values.put(key, new Value(new String(after), expireAt));
        return old ? "1" : "0";
    }

    private String xor(List<String> arguments) {
        char[] sum = {};
        for (String key : arguments.subList(2, arguments.size())) {
            Value value = values.get(key);
            String text = value == null ? "" : value.text;
            sum = Arrays.copyOf(sum, Math.max(sum.length, text.length()));
            for (int i = 0; i < text.length(); i++) {
                sum[i] ^= text.charAt(i);
            }
        }
        if (sum.length == 0) {
            values.remove(arguments.get(1));
        } else {
            values.put(arguments.get(1), new Value(new String(sum), 0));
        }
        return Integer.toString(sum.length);
    }
}
