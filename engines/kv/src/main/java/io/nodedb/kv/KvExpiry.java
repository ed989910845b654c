package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.Effects;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes what has expired: keys, and elements of structures, the latter with the new count of the
 * key that holds them, which goes with its last element.
 */
@CoreOwned
final class KvExpiry {
    /** What was offered is offered again after this time, if it is still there. */
    private static final long OFFER_AGAIN_MILLIS = 1_000;

    /** Versions that a wheel handles for each deletion that may be appended. */
    private static final int WHEEL_WORK = 16;

    private final List<KvTable> tables;
    private final List<Structure> lessened = new ArrayList<>();
    private final List<long[]> lost = new ArrayList<>();
    private int turns;

    KvExpiry(List<KvTable> tables) {
        this.tables = tables;
    }

    /** As {@link io.nodedb.engine.Engine#expire}. */
    int expire(ExecutionContext context, int tenant, int maxOperations) {
        int appended = 0;
        for (int i = 0; i < tables.size() && appended < maxOperations; i++) {
            turns = turns + 1 >= tables.size() ? 0 : turns + 1;
            KvTable table = tables.get(turns);
            if (table.tenant() != tenant) {
                continue;
            }
            appended += expireKeys(table, context, maxOperations - appended);
            if (maxOperations - appended > 1 && !context.quantumOver()) {
                appended += expireElements(table, context, maxOperations - appended);
            }
            if (appended > 0 && context.quantumOver()) {
                return appended;
            }
        }
        return appended;
    }

    long nextMillis() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < tables.size(); i++) {
            KvTable table = tables.get(i);
            next = Math.min(next, table.wheel().nextMillis());
            next = Math.min(next, table.structures().wheel.nextMillis());
        }
        return next;
    }

    private static int expireKeys(KvTable table, ExecutionContext context, int most) {
        int appended = 0;
        turn(table.wheel(), context.nowMillis(), most);
        while (appended < most) {
            long due = nextDue(table.wheel(), table.entries, context.nowMillis());
            if (due == 0) {
                break;
            }
            KvEffects.delete(context.effects(), table, EffectFormat.EXPIRED, due);
            table.wheel().move(due, context.nowMillis() + OFFER_AGAIN_MILLIS);
            appended++;
            if (context.quantumOver()) {
                break;
            }
        }
        return appended;
    }

    private int expireElements(KvTable table, ExecutionContext context, int most) {
        int appended = 0;
        long nowMillis = context.nowMillis();
        ExpiryWheel wheel = table.structures().wheel;
        turn(wheel, nowMillis, most);
        while (appended + lessened.size() + 2 <= most) {
            long due = nextDue(wheel, table.entries, nowMillis);
            if (due == 0) {
                break;
            }
            wheel.move(due, nowMillis + OFFER_AGAIN_MILLIS);
            Structure structure = table.structures().ofElement(due);
            if (structure == null
                    || structure.root == 0
                    || !table.entries.isLive(structure.root, nowMillis)) {
                // No key holds it now: it goes with its structure.
                continue;
            }
            KvEffects.delete(context.effects(), structure.table, EffectFormat.EXPIRED, due);
            countLost(structure);
            appended++;
            if (context.quantumOver()) {
                break;
            }
        }
        for (int i = 0; i < lessened.size(); i++) {
            lessen(table, context.effects(), lessened.get(i), lost.get(i)[0]);
        }
        appended += lessened.size();
        lessened.clear();
        lost.clear();
        return appended;
    }

    private void countLost(Structure structure) {
        int at = lessened.indexOf(structure);
        if (at < 0) {
            lessened.add(structure);
            lost.add(new long[] {1});
        } else {
            lost.get(at)[0]++;
        }
    }

    /** The key that holds a structure has fewer elements now. */
    private static void lessen(KvTable table, Effects effects, Structure structure, long by) {
        EntryStore entries = table.entries;
        long root = structure.root;
        long count = StructureHead.count(entries, root) - by;
        if (count == 0) {
            KvEffects.delete(effects, table, EffectFormat.EXPIRED, root);
            return;
        }
        byte[] key = new byte[entries.keyLength(root)];
        entries.copyKey(root, key, 0);
        KvEffects.put(
                effects,
                table,
                entries.form(root),
                key,
                0,
                key.length,
                StructureHead.BYTES,
                entries.expireAt(root),
                root);
        LittleEndian.putLong(
                effects.bytes(), effects.valueOffset() + StructureHead.ID, structure.id);
        LittleEndian.putLong(effects.bytes(), effects.valueOffset() + StructureHead.COUNT, count);
    }

    /** Once a call: turning the wheel brings back what was offered before. */
    private static void turn(ExpiryWheel wheel, long nowMillis, int most) {
        if (wheel.nextMillis() <= nowMillis) {
            wheel.advance(nowMillis, most * WHEEL_WORK);
        }
    }

    /** The next version whose time has come, 0 when there is none. */
    private static long nextDue(ExpiryWheel wheel, EntryStore entries, long nowMillis) {
        long due;
        while ((due = wheel.firstDue()) != 0) {
            if (entries.expireAt(due) <= nowMillis) {
                return due;
            }
            // The wall clock has stepped back since it fell due.
            wheel.move(due, entries.expireAt(due));
        }
        return 0;
    }
}
