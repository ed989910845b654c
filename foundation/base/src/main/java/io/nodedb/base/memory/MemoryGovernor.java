package io.nodedb.base.memory;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.Shared;
import io.nodedb.base.settings.MemorySettings;
import io.nodedb.base.settings.Settings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One memory limit for the process. Whoever wants memory that grows with data reserves it here
 * first and releases it after giving it back; the sum of reservations never passes the limit.
 *
 * <p>Every method may be called from every thread. Counting is exact, on one contended word:
 * callers reserve in big steps (a chunk of 1 MiB, not a block of 100 bytes).
 */
@Shared("atomics; the level is published under a lock")
public final class MemoryGovernor {
    /** How long a refused writer is asked to wait: caches have shrunk by then. */
    private static final long RETRY_AFTER_MILLIS = 100;

    private final long limit;
    private final long warningBytes;
    private final long criticalBytes;
    private final long emergencyBytes;
    private final AtomicLong used = new AtomicLong();
    private final Map<MemoryTag, AtomicLong> usedByTag = new EnumMap<>(MemoryTag.class);
    private final ConcurrentSkipListMap<Integer, MemoryAccount> accounts =
            new ConcurrentSkipListMap<>();
    private final List<Consumer<MemoryAccount>> accountListeners = new CopyOnWriteArrayList<>();
    private final long tenantBytes;
    private final MemoryBudget keyValue;
    private final List<PressureListener> listeners = new CopyOnWriteArrayList<>();
    private final MemoryReclaimer reclaimer = new MemoryReclaimer();
    private final Object levelLock = new Object();
    private volatile PressureLevel level = PressureLevel.NORMAL;

    /** A governor with the default thresholds. */
    public MemoryGovernor(long limitBytes) {
        this(limitBytes, Settings.defaults());
    }

    /** A governor with the thresholds of {@link MemorySettings}. */
    public MemoryGovernor(long limitBytes, Settings settings) {
        Check.that(limitBytes > 0, "memory limit is positive", limitBytes);
        for (MemoryTag tag : MemoryTag.values()) {
            usedByTag.put(tag, new AtomicLong());
        }
        limit = limitBytes;
        keyValue = new MemoryBudget(settings.get(MemorySettings.KV_MEMORY));
        tenantBytes = settings.get(MemorySettings.TENANT_MEMORY);
        warningBytes = percentOf(limitBytes, settings.get(MemorySettings.MEMORY_WARNING));
        criticalBytes = percentOf(limitBytes, settings.get(MemorySettings.MEMORY_CRITICAL));
        emergencyBytes = percentOf(limitBytes, settings.get(MemorySettings.MEMORY_EMERGENCY));
    }

    /**
     * Takes {@code bytes} of the limit for {@code tag}, and of its engine's budget; false, changing
     * nothing, if too few are left.
     */
    public boolean tryReserve(MemoryTag tag, long bytes) {
        Check.that(bytes >= 0, "reservation is not negative", bytes);
        if (tag.isKeyValue() && !keyValue.tryTake(bytes)) {
            return false;
        }
        long before = used.get();
        while (true) {
            if (bytes > limit - before) {
                if (tag.isKeyValue()) {
                    keyValue.giveBack(bytes);
                }
                return false;
            }
            long witness = used.compareAndExchange(before, before + bytes);
            if (witness == before) {
                break;
            }
            before = witness;
        }
        cell(tag).addAndGet(bytes);
        updateLevel(before + bytes);
        return true;
    }

    /** As {@link #tryReserve}, but throws {@link ErrorCode#OUT_OF_MEMORY} when refused. */
    public void reserve(MemoryTag tag, long bytes) {
        if (!tryReserve(tag, bytes)) {
            throw new NodeDbException(
                    ErrorCode.OUT_OF_MEMORY,
                    "memory limit reached: tag=%s requested=%d used=%d limit=%d"
                            .formatted(tag, bytes, used(), limit),
                    RETRY_AFTER_MILLIS,
                    null);
        }
    }

    /**
     * Counts {@code bytes} even when that passes the limit: for what is decided already and must
     * not fail (a committed write that is applied, a log that is replayed). Everyone else is
     * refused until use has fallen below the limit again.
     */
    public void reserveBeyondLimit(MemoryTag tag, long bytes) {
        Check.that(bytes >= 0, "reservation is not negative", bytes);
        if (tag.isKeyValue()) {
            keyValue.take(bytes);
        }
        cell(tag).addAndGet(bytes);
        updateLevel(used.addAndGet(bytes));
    }

    /** Gives back what {@link #reserve} took. */
    public void release(MemoryTag tag, long bytes) {
        Check.that(bytes >= 0, "release is not negative", bytes);
        long ofTag = cell(tag).addAndGet(-bytes);
        Check.that(ofTag >= 0, "no more is released than was reserved", ofTag);
        if (tag.isKeyValue()) {
            keyValue.giveBack(bytes);
        }
        updateLevel(used.addAndGet(-bytes));
    }

    /**
     * What is used of the limit, and of an engine's budget that is set: for a refusal's message.
     */
    public String shortage() {
        String text = "memory_limit is reached: used=" + used() + " limit=" + limit;
        return keyValue.bytes() == 0
                ? text
                : text + " or kv_memory: used=" + keyValue.used() + " budget=" + keyValue.bytes();
    }

    /** What the key-value engine may use; 0 for as much as there is. */
    public long keyValueBudget() {
        return keyValue.bytes();
    }

    /** Reservations that the key-value engine's budget has refused. */
    public long keyValueRefusals() {
        return keyValue.refusals();
    }

    /** Bytes reserved now. */
    public long used() {
        return used.get();
    }

    /** Bytes reserved now under one tag. */
    public long used(MemoryTag tag) {
        return cell(tag).get();
    }

    public long limit() {
        return limit;
    }

    /**
     * The account of a tenant, with the budget of {@code tenant_memory} until it is given another
     * one; the system's has none.
     */
    public MemoryAccount account(int tenant) {
        MemoryAccount present = accounts.get(tenant);
        if (present != null) {
            return present;
        }
        synchronized (accounts) {
            MemoryAccount account = accounts.get(tenant);
            if (account == null) {
                long budget = tenant == Tenants.SYSTEM ? 0 : tenantBytes;
                account = new MemoryAccount(this, tenant, budget);
                accounts.put(tenant, account);
                for (Consumer<MemoryAccount> listener : accountListeners) {
                    listener.accept(account);
                }
            }
            return account;
        }
    }

    /** Calls a listener with every account that there is, and with those to come. */
    public void onAccount(Consumer<MemoryAccount> listener) {
        synchronized (accounts) {
            accountListeners.add(listener);
            accounts.values().forEach(listener);
        }
    }

    /** The present level: one volatile read. */
    public PressureLevel pressure() {
        return level;
    }

    /** Closes off-heap memory that was reserved here and is no longer used. */
    public MemoryReclaimer reclaimer() {
        return reclaimer;
    }

    /** Adds a listener for changes of the level. */
    public void addListener(PressureListener listener) {
        listeners.add(listener);
    }

    public void removeListener(PressureListener listener) {
        listeners.remove(listener);
    }

    private AtomicLong cell(MemoryTag tag) {
        return Objects.requireNonNull(usedByTag.get(tag));
    }

    private void updateLevel(long usedNow) {
        if (levelOf(usedNow) == level) {
            return;
        }
        synchronized (levelLock) {
            // Another thread may move `used` after we read it and still see the old level, so the
            // read is repeated after the write: one of the two sees the other's change.
            PressureLevel next = levelOf(used.get());
            while (next != level) {
                level = next;
                for (PressureListener listener : listeners) {
                    listener.pressureChanged(next);
                }
                next = levelOf(used.get());
            }
        }
    }

    private PressureLevel levelOf(long bytes) {
        if (bytes < warningBytes) {
            return PressureLevel.NORMAL;
        }
        if (bytes < criticalBytes) {
            return PressureLevel.WARNING;
        }
        return bytes < emergencyBytes ? PressureLevel.CRITICAL : PressureLevel.EMERGENCY;
    }

    private static long percentOf(long bytes, int percent) {
        return bytes / 100 * percent + bytes % 100 * percent / 100;
    }
}
