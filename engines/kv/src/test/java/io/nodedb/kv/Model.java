package io.nodedb.kv;

import io.nodedb.base.ids.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the engine should answer: every version of every key, for ever. */
final class Model {
    /** A version; its stamp changes from minus the batch to the LSN. */
    static final class Version {
        long stamp;
        final byte @Nullable [] value;
        final long expireAt;

        Version(long stamp, byte @Nullable [] value, long expireAt) {
            this.stamp = stamp;
            this.value = value;
            this.expireAt = expireAt;
        }

        boolean isLive(long nowMillis) {
            return value != null && (expireAt == 0 || expireAt > nowMillis);
        }
    }

    private final Map<String, List<Version>> keys = new TreeMap<>();

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    Version add(String key, long stamp, byte @Nullable [] value, long expireAt) {
        Version version = new Version(stamp, value, expireAt);
        keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(version);
        return version;
    }

    @Nullable Version newest(String key) {
        List<Version> versions = keys.get(key);
        return versions == null ? null : versions.getLast();
    }

    /** The newest version committed at or before {@code lsn}. */
    @Nullable Version at(String key, long lsn) {
        List<Version> versions = keys.getOrDefault(key, List.of());
        for (int i = versions.size() - 1; i >= 0; i--) {
            Version version = versions.get(i);
            if (version.stamp > 0 && version.stamp <= lsn) {
                return version;
            }
        }
        return null;
    }

    /** The live version that a read sees; {@code readLsn} 0 reads the newest. */
    @Nullable Version read(String key, long nowMillis, long readLsn) {
        Version version = readLsn == 0 ? newest(key) : at(key, readLsn);
        long now = readLsn == 0 ? nowMillis : Lsn.millis(readLsn);
        return version != null && version.isLive(now) ? version : null;
    }

    /** Keys and values that a scan sees. */
    Map<String, String> scan(long nowMillis, long readLsn) {
        Map<String, String> found = new TreeMap<>();
        for (String key : keys.keySet()) {
            Version version = read(key, nowMillis, readLsn);
            if (version != null) {
                found.put(key, text(version.value) + "@" + version.expireAt);
            }
        }
        return found;
    }

    /** Keys whose newest version is a value, expired or not. */
    long count() {
        return keys.values().stream().filter(versions -> versions.getLast().value != null).count();
    }

    /** What a crash loses. */
    void dropPending() {
        for (List<Version> versions : keys.values()) {
            versions.removeIf(version -> version.stamp < 0);
        }
        keys.values().removeIf(List::isEmpty);
    }

    /** A pending version is taken back. */
    void remove(Version version) {
        for (List<Version> versions : keys.values()) {
            if (versions.remove(version)) {
                break;
            }
        }
        keys.values().removeIf(List::isEmpty);
    }

    /** Bytes of slab blocks when every key has just its newest version. */
    long leastBytes() {
        long bytes = 0;
        for (Map.Entry<String, List<Version>> entry : keys.entrySet()) {
            Version newest = entry.getValue().getLast();
            if (newest.value != null) {
                int header =
                        newest.expireAt == 0
                                ? EntryStore.HEADER_BYTES
                                : EntryStore.TIMED_HEADER_BYTES;
                bytes +=
                        io.nodedb.base.memory.SlabAllocator.blockBytes(
                                header + entry.getKey().length() + newest.value.length);
            }
        }
        return bytes;
    }

    static boolean same(byte[] a, int aLength, byte[] b) {
        return Arrays.equals(a, 0, aLength, b, 0, b.length);
    }
}
