package io.nodedb.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keys with lists, sets, sorted sets and hashes in heap maps: what the engine should hold. */
final class TypesModel {
    /** One key's value; changed only by whoever has made the copy. */
    static final class Value {
        final ValueType type;
        long expireAt;
        String string = "";
        final List<String> list = new ArrayList<>();

        /** Fields, members; scores as text. */
        final TreeMap<String, String> map = new TreeMap<>();

        /** Of fields that expire. */
        final TreeMap<String, Long> expiries = new TreeMap<>();

        Value(ValueType type) {
            this.type = type;
        }

        Value copy() {
            Value copy = new Value(type);
            copy.expireAt = expireAt;
            copy.string = string;
            copy.list.addAll(list);
            copy.map.putAll(map);
            copy.expiries.putAll(expiries);
            return copy;
        }

        boolean isEmpty() {
            return type != ValueType.STRING && list.isEmpty() && map.isEmpty();
        }

        /** Forgets fields whose time is up. */
        void expire(long nowMillis) {
            expiries.entrySet()
                    .removeIf(entry -> {
                        boolean over = entry.getValue() <= nowMillis;
                        if (over) {
                            map.remove(entry.getKey());
                        }
                        return over;
                    });
        }
    }

    private final TreeMap<String, Value> keys = new TreeMap<>();

    TypesModel copy() {
        TypesModel copy = new TypesModel();
        copy.keys.putAll(keys);
        return copy;
    }

    /** A key's value at a time, as a copy; null when it is absent. */
    Value read(String key, long nowMillis) {
        Value value = keys.get(key);
        if (value == null || (value.expireAt != 0 && value.expireAt <= nowMillis)) {
            return null;
        }
        Value copy = value.copy();
        copy.expire(nowMillis);
        return copy.isEmpty() ? null : copy;
    }

    void put(String key, Value value) {
        if (value.isEmpty()) {
            keys.remove(key);
        } else {
            keys.put(key, value);
        }
    }

    void remove(String key) {
        keys.remove(key);
    }

    Map<String, Value> keys() {
        return keys;
    }
}
