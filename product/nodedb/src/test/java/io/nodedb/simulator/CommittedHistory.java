package io.nodedb.simulator;

import io.nodedb.event.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every version of every key, as the change feed told it: the model that everything else is
 * compared with. While it grows it checks what a feed promises: the order of the log, no change
 * twice, no change that was not there when it was told before, and each old value equal to the
 * value before.
 */
final class CommittedHistory {
    private final TreeMap<String, TreeMap<Long, Version>> byKey = new TreeMap<>();
    private final Map<String, Version> byValue = new HashMap<>();
    private final TreeMap<Long, List<Version>> byLsn = new TreeMap<>();
    private final Map<String, TreeSet<Long>> expiries = new HashMap<>();
    private long newestMillis;

    /** Keys that changed unseen behind a gap: the next old value is taken as it comes. */
    private final Set<String> unknownSinceGap = new TreeSet<>();

    private boolean incomplete;

    /** Takes a change; one that it has is compared with what was told before. */
    void add(String collection, Change change) {
        String key = collection + "/" + Values.text(change.key());
        Version version =
                new Version(
                        key,
                        change.lsn(),
                        change.partition(),
                        change.sequence(),
                        change.operation(),
                        Values.text(change.oldValue()),
                        Values.text(change.newValue()));
        TreeMap<Long, Version> versions = byKey.computeIfAbsent(key, k -> new TreeMap<>());
        Version told = versions.get(version.lsn);
        if (told != null) {
            require(
                    told.sameAs(version),
                    "a change is told the same again: " + told + " | " + version);
            return;
        }
        require(change.oldValueKnown(), "a collection with a feed keeps old values: " + version);
        Version newest = versions.isEmpty() ? null : versions.lastEntry().getValue();
        require(
                newest == null || newest.lsn < version.lsn,
                "changes of a key come in order: " + newest + " | " + version);
        requireOldValue(newest, version);
        requireNewValue(version);
        versions.put(version.lsn, version);
        byLsn.computeIfAbsent(version.lsn, lsn -> new ArrayList<>()).add(version);
    }

    private void requireOldValue(@Nullable Version before, Version version) {
        if (unknownSinceGap.remove(version.key) || (incomplete && before == null)) {
            return;
        }
        String value = before == null ? null : before.newValue;
        boolean expired = version.oldValue == null && value != null && mayBeExpired(version.key);
        require(
                expired || Objects.equals(value, version.oldValue),
                "the old value is the value before: " + before + " | " + version);
    }

    private void requireNewValue(Version version) {
        String value = version.newValue;
        if (value == null || isCounter(version.key)) {
            return;
        }
        Version same = byValue.putIfAbsent(version.key + "=" + value, version);
        require(
                same == null || value.equals(version.oldValue),
                "a write takes effect once: " + same + " | " + version);
    }

    static boolean isCounter(String key) {
        return key.contains("/c");
    }

    /** The feed met a gap: what comes next may follow on what it did not tell. */
    void gap() {
        incomplete = true;
        unknownSinceGap.addAll(byKey.keySet());
    }

    /** True when changes are missing, because the log was not kept for a feed. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** Somebody tries to let a key expire at a time; {@code now} is the wall clock's. */
    void mayExpire(String key, long expireAtMillis) {
        if (expireAtMillis > 0) {
            expiries.computeIfAbsent(key, k -> new TreeSet<>()).add(expireAtMillis);
        }
    }

    /** The wall clock has shown this. */
    void clockShowed(long millis) {
        newestMillis = Math.max(newestMillis, millis);
    }

    /** Some expiry that was asked for has passed by any clock. */
    boolean mayBeExpired(String key) {
        TreeSet<Long> times = expiries.get(key);
        return times != null && times.first() <= newestMillis;
    }

    boolean hasExpiry(String key) {
        return expiries.containsKey(key);
    }

    /** The value of a key after every commit up to an LSN. */
    @Nullable String valueAt(String key, long lsn) {
        Version version = versionAt(key, lsn);
        return version == null ? null : version.newValue;
    }

    @Nullable Version versionAt(String key, long lsn) {
        TreeMap<Long, Version> versions = byKey.get(key);
        Map.Entry<Long, Version> entry = versions == null ? null : versions.floorEntry(lsn);
        return entry == null ? null : entry.getValue();
    }

    /** Versions of a key with an LSN in (from, to]. */
    NavigableMap<Long, Version> between(String key, long from, long to) {
        TreeMap<Long, Version> versions = byKey.get(key);
        return versions == null || to <= from
                ? new TreeMap<>()
                : versions.subMap(from, false, to, true);
    }

    /** The version that first held a value that is written once. */
    @Nullable Version ofValue(String key, @Nullable String value) {
        return byValue.get(key + "=" + value);
    }

    Set<String> keys() {
        return byKey.keySet();
    }

    List<Version> after(long lsn) {
        List<Version> all = new ArrayList<>();
        byLsn.tailMap(lsn, false).values().forEach(all::addAll);
        return all;
    }

    long newestLsn() {
        return byLsn.isEmpty() ? 0 : byLsn.lastKey();
    }

    static void require(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError(claim);
        }
    }

    /** All of a key, for messages. */
    String describe(String key) {
        TreeMap<Long, Version> versions = byKey.get(key);
        StringBuilder text = new StringBuilder();
        if (versions != null) {
            versions.values().forEach(version -> text.append("\n    ").append(version));
        }
        return text.toString();
    }
}
