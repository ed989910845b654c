package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.Effects;

/** Encodes writes of a structure's elements and of the key that holds it. */
@CoreOwned
final class ElementEffects {
    private byte[] key = new byte[64];

    /**
     * An element gets a value.
     *
     * @param prior its live version before, 0 when there is none
     */
    void put(
            Effects effects,
            KvTable roots,
            ValueType type,
            long id,
            byte[] element,
            int elementFrom,
            int elementLength,
            byte[] value,
            int valueFrom,
            int valueLength,
            long expireAtMillis,
            long prior) {
        int length = ValueForm.ID_BYTES + elementLength;
        if (key.length < length) {
            key = new byte[Math.max(length, 2 * key.length)];
        }
        LittleEndian.putLong(key, 0, id);
        System.arraycopy(element, elementFrom, key, ValueForm.ID_BYTES, elementLength);
        KvEffects.put(
                effects,
                roots,
                ValueForm.element(type),
                key,
                0,
                length,
                valueLength,
                expireAtMillis,
                prior);
        System.arraycopy(value, valueFrom, effects.bytes(), effects.valueOffset(), valueLength);
    }

    /** A key holds a structure of {@code count} elements. */
    static void putRoot(
            Effects effects,
            KvTable roots,
            ValueType type,
            byte[] ofKey,
            int keyFrom,
            int keyLength,
            long id,
            long count,
            long expireAtMillis,
            long prior) {
        KvEffects.put(
                effects,
                roots,
                ValueForm.indexed(type),
                ofKey,
                keyFrom,
                keyLength,
                StructureHead.BYTES,
                expireAtMillis,
                prior);
        int at = effects.valueOffset();
        LittleEndian.putLong(effects.bytes(), at + StructureHead.ID, id);
        LittleEndian.putLong(effects.bytes(), at + StructureHead.COUNT, count);
    }
}
