package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.Effects;

/**
 * Encodes what a decided write does: the key's value after it, and before it when a feed wants it.
 */
@CoreOwned
final class KvEffects {
    private KvEffects() {}

    /**
     * The key of {@code call} gets a value.
     *
     * @param prior the live version before, 0 when there is none
     */
    static void put(
            Effects effects,
            KvTable table,
            KvCall call,
            byte[] value,
            int valueFrom,
            int valueLength,
            long expireAtMillis,
            long prior) {
        put(effects, table, call.key, 0, call.keyLength, valueLength, expireAtMillis, prior);
        System.arraycopy(value, valueFrom, effects.bytes(), effects.valueOffset(), valueLength);
    }

    /**
     * A key gets a value, which the caller copies to {@link Effects#valueOffset}; undefined until
     * then.
     *
     * @param prior the live version before, 0 when there is none
     */
    static void put(
            Effects effects,
            KvTable table,
            byte[] key,
            int keyFrom,
            int keyLength,
            int valueLength,
            long expireAtMillis,
            long prior) {
        put(effects, table, 0, key, keyFrom, keyLength, valueLength, expireAtMillis, prior);
    }

    /**
     * A key gets a value of any form, which the caller copies to {@link Effects#valueOffset}.
     *
     * @param prior the live version before, 0 when there is none
     */
    static void put(
            Effects effects,
            KvTable table,
            int form,
            byte[] key,
            int keyFrom,
            int keyLength,
            int valueLength,
            long expireAtMillis,
            long prior) {
        int flags = expireAtMillis != 0 ? EffectFormat.HAS_EXPIRY : 0;
        int priorLength = priorLength(table, prior);
        effects.append(
                EffectFormat.PUT,
                flags | priorFlags(table, prior),
                KvEngineFactory.ID,
                table.collection,
                0,
                keyLength,
                valueLength,
                priorLength,
                expireAtMillis);
        effects.setForm(form);
        System.arraycopy(key, keyFrom, effects.bytes(), effects.keyOffset(), keyLength);
        copyPrior(effects, table, prior, priorLength);
    }

    /** The key of {@code call} keeps its value and gets another expiry. */
    static void expire(
            Effects effects, KvTable table, KvCall call, long expireAtMillis, long present) {
        copy(effects, table, present, call.key, 0, call.keyLength, expireAtMillis, present);
    }

    /**
     * A key gets what a version holds, of whatever type: its own, another one's.
     *
     * @param prior the key's live version before, 0 when there is none
     */
    static void copy(
            Effects effects,
            KvTable table,
            long version,
            byte[] key,
            int keyFrom,
            int keyLength,
            long expireAtMillis,
            long prior) {
        int valueLength = table.entries.valueLength(version);
        int form = table.entries.form(version);
        put(effects, table, form, key, keyFrom, keyLength, valueLength, expireAtMillis, prior);
        table.entries.copyValue(version, effects.bytes(), effects.valueOffset());
    }

    /** The key of a live version is deleted; {@code flags} is 0 or EXPIRED. */
    static void delete(Effects effects, KvTable table, int flags, long present) {
        int priorLength = priorLength(table, present);
        effects.append(
                EffectFormat.DELETE,
                flags | priorFlags(table, present),
                KvEngineFactory.ID,
                table.collection,
                0,
                table.entries.keyLength(present),
                0,
                priorLength,
                0);
        effects.setForm(elementForm(table.entries.form(present)));
        table.entries.copyKey(present, effects.bytes(), effects.keyOffset());
        copyPrior(effects, table, present, priorLength);
    }

    /** A version as an entry of a checkpoint. */
    static void checkpoint(Effects block, KvTable table, long version) {
        EntryStore entries = table.entries;
        boolean deleted = entries.has(version, EntryStore.DELETED);
        long expireAt = entries.expireAt(version);
        block.append(
                deleted ? EffectFormat.DELETE : EffectFormat.PUT,
                expireAt != 0 ? EffectFormat.HAS_EXPIRY : 0,
                KvEngineFactory.ID,
                table.collection,
                0,
                entries.keyLength(version),
                entries.valueLength(version),
                0,
                expireAt);
        block.setForm(entries.form(version));
        entries.copyKey(version, block.bytes(), block.keyOffset());
        entries.copyValue(version, block.bytes(), block.valueOffset());
    }

    /** A deletion has no value and so no form, unless it is an element's. */
    private static int elementForm(int form) {
        return ValueForm.isElement(form) ? form : 0;
    }

    private static int priorFlags(KvTable table, long prior) {
        if (!table.options().feed()) {
            return 0;
        }
        return prior == 0
                ? EffectFormat.HAS_PRIOR
                : EffectFormat.HAS_PRIOR | EffectFormat.PRIOR_EXISTED;
    }

    private static int priorLength(KvTable table, long prior) {
        return prior != 0 && table.options().feed() ? table.entries.valueLength(prior) : 0;
    }

    private static void copyPrior(Effects effects, KvTable table, long prior, int priorLength) {
        if (priorLength > 0) {
            table.entries.copyValue(prior, effects.bytes(), effects.priorOffset());
        }
    }
}
