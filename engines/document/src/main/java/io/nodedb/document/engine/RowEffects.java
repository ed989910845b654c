package io.nodedb.document.engine;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.storage.rows.RowTarget;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;

/**
 * Effects of document collections: the row after the write, and before it when a feed wants it. The
 * form is {@link #CHANGES_COUNT} when the write changes the number of rows, which replay could not
 * tell without reading.
 */
@CoreOwned
final class RowEffects {
    /** In the form: a PUT adds a row, a DELETE takes one away; without it neither does. */
    static final int CHANGES_COUNT = 1;

    private RowEffects() {}

    /**
     * The key of {@code call} gets the call's value.
     *
     * @param prior the row before, when {@code existed}
     */
    static void put(
            Effects effects,
            CollectionOptions options,
            KvCall call,
            boolean existed,
            RowTarget prior) {
        int priorLength = existed && options.feed() ? prior.length() : 0;
        effects.append(
                EffectFormat.PUT,
                priorFlags(options, existed),
                DocumentEngineFactory.ID,
                call.collection,
                0,
                call.keyLength,
                call.valueLength,
                priorLength,
                0);
        effects.setForm(existed ? 0 : CHANGES_COUNT);
        System.arraycopy(call.key, 0, effects.bytes(), effects.keyOffset(), call.keyLength);
        System.arraycopy(call.value, 0, effects.bytes(), effects.valueOffset(), call.valueLength);
        System.arraycopy(prior.value(), 0, effects.bytes(), effects.priorOffset(), priorLength);
    }

    /** The row of the call's key, which is there, goes. */
    static void delete(Effects effects, CollectionOptions options, KvCall call, RowTarget prior) {
        int priorLength = options.feed() ? prior.length() : 0;
        effects.append(
                EffectFormat.DELETE,
                priorFlags(options, true),
                DocumentEngineFactory.ID,
                call.collection,
                0,
                call.keyLength,
                0,
                priorLength,
                0);
        effects.setForm(CHANGES_COUNT);
        System.arraycopy(call.key, 0, effects.bytes(), effects.keyOffset(), call.keyLength);
        System.arraycopy(prior.value(), 0, effects.bytes(), effects.priorOffset(), priorLength);
    }

    /** What an effect does to the number of rows: 1, 0 or -1. */
    static int rowsAdded(EffectReader effect) {
        if ((effect.form() & CHANGES_COUNT) == 0) {
            return 0;
        }
        return effect.kind() == EffectFormat.PUT ? 1 : -1;
    }

    private static int priorFlags(CollectionOptions options, boolean existed) {
        if (!options.feed()) {
            return 0;
        }
        return existed
                ? EffectFormat.HAS_PRIOR | EffectFormat.PRIOR_EXISTED
                : EffectFormat.HAS_PRIOR;
    }
}
