package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Slots;
import io.nodedb.base.ids.Tenants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The catalog's entries as bytes. Everything is little-endian; every value begins with its version.
 *
 * <pre>
 *   collection   key   'C' u8 | id u32
 *                value version u16 = 1 | id u32 | engine u8 | flags u8 (bit 0 feed, bit 1 tenant, bit 2 definition) | durability u8 | state u8
 *                      | created LSN i64 | name length u16 | name UTF-8
 *                      | with bit 1: tenant u32; without, it is the default one
 *                      | with bit 2: definition's version u32 | length u32 | definition;
 *                        without, there is none
 *   slots        key   'S' u8
 *                value version u16 = 1 | partitions u16 | slots u16 = 1024 | 1024 × partition u16
 *   next id      key   'N' u8
 *                value version u16 = 1 | next collection id u32
 *   tombstone    key   'T' u8 | id u32
 *                value version u16 = 1 | id u32 | LSN i64 under which it was purged
 * </pre>
 *
 * <p>A newer version, an unknown tag, a wrong length: {@code DATA_CORRUPTED}, because a database
 * with a catalog that is only half understood must not open.
 */
public final class CatalogCodec {
    /** Longest name of a collection, in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = 255;

    static final byte COLLECTION_TAG = 'C';
    static final byte SLOTS_TAG = 'S';
    static final byte NEXT_ID_TAG = 'N';
    static final byte TOMBSTONE_TAG = 'T';

    private static final short VERSION = 1;
    private static final int FEED = 1;
    private static final int TENANT = 2;
    private static final int DEFINITION = 4;

    private CatalogCodec() {}

    static CatalogEntry collection(CollectionInfo info) {
        byte[] name = info.name().getBytes(StandardCharsets.UTF_8);
        boolean hasTenant = info.tenant() != Tenants.DEFAULT;
        byte[] definition = info.definition().toByteArray();
        boolean isDefined = definition.length > 0;
        int flags =
                (info.feed() ? FEED : 0) | (hasTenant ? TENANT : 0) | (isDefined ? DEFINITION : 0);
        byte[] value =
                new byte
                        [2
                                + 4
                                + 4
                                + 8
                                + 2
                                + name.length
                                + (hasTenant ? 4 : 0)
                                + (isDefined ? 8 + definition.length : 0)];
        ByteBuffer bytes =
                over(value)
                        .putShort(VERSION)
                        .putInt(info.id())
                        .put((byte) info.engine())
                        .put((byte) flags)
                        .put(info.durability().number())
                        .put((byte) info.state().number())
                        .putLong(info.createdLsn())
                        .putShort((short) name.length)
                        .put(name);
        if (hasTenant) {
            bytes.putInt(info.tenant());
        }
        if (isDefined) {
            bytes.putInt(info.definition().version());
            bytes.putInt(definition.length).put(definition);
        }
        return new CatalogEntry(key(COLLECTION_TAG, info.id()), value);
    }

    static CatalogEntry slots(SlotMap map) {
        byte[] value = new byte[2 + 2 + 2 + 2 * Slots.COUNT];
        ByteBuffer bytes =
                over(value)
                        .putShort(VERSION)
                        .putShort((short) map.partitions())
                        .putShort((short) Slots.COUNT);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            bytes.putShort((short) map.partitionOfSlot(slot));
        }
        return new CatalogEntry(new byte[] {SLOTS_TAG}, value);
    }

    static CatalogEntry nextId(int nextId) {
        byte[] value = new byte[2 + 4];
        over(value).putShort(VERSION).putInt(nextId);
        return new CatalogEntry(new byte[] {NEXT_ID_TAG}, value);
    }

    static CatalogEntry tombstone(int collection, long lsn) {
        byte[] value = new byte[2 + 4 + 8];
        over(value).putShort(VERSION).putInt(collection).putLong(lsn);
        return new CatalogEntry(key(TOMBSTONE_TAG, collection), value);
    }

    static CollectionInfo readCollection(CatalogEntry entry) {
        ByteBuffer value = open(entry, 20);
        int id = value.getInt();
        int engine = Byte.toUnsignedInt(value.get());
        int flags = value.get();
        CommitDurability durability = CommitDurability.ofNumber(value.get());
        CollectionState state = CollectionState.ofNumber(value.get());
        long createdLsn = value.getLong();
        int nameLength = Short.toUnsignedInt(value.getShort());
        require(
                entry,
                (flags & ~(FEED | TENANT | DEFINITION)) == 0
                        && value.remaining() >= nameLength + ((flags & TENANT) != 0 ? 4 : 0)
                        && nameLength <= MAX_NAME_BYTES,
                "name length");
        require(entry, id == idInKey(entry), "id");
        String name = name(entry, value.slice(value.position(), nameLength));
        value.position(value.position() + nameLength);
        int tenant = (flags & TENANT) != 0 ? value.getInt() : Tenants.DEFAULT;
        DefinitionBytes definition =
                (flags & DEFINITION) != 0 ? definition(entry, value) : DefinitionBytes.NONE;
        require(entry, !value.hasRemaining(), "length");
        return new CollectionInfo(
                id,
                name,
                engine,
                (flags & FEED) != 0,
                durability,
                state,
                createdLsn,
                tenant,
                definition);
    }

    private static DefinitionBytes definition(CatalogEntry entry, ByteBuffer value) {
        require(entry, value.remaining() >= 8, "definition length");
        int version = value.getInt();
        require(entry, version > 0, "definition version");
        int length = value.getInt();
        require(
                entry,
                length > 0 && length <= DefinitionBytes.MAX_BYTES && length <= value.remaining(),
                "definition length");
        byte[] bytes = new byte[length];
        value.get(bytes);
        return DefinitionBytes.of(version, bytes);
    }

    static SlotMap readSlots(CatalogEntry entry) {
        ByteBuffer value = open(entry, 6 + 2 * Slots.COUNT);
        int partitions = Short.toUnsignedInt(value.getShort());
        require(entry, value.getShort() == Slots.COUNT, "slot count");
        require(entry, value.remaining() == 2 * Slots.COUNT && partitions > 0, "length");
        short[] map = new short[Slots.COUNT];
        value.asShortBuffer().get(map);
        return new SlotMap(partitions, map);
    }

    static int readNextId(CatalogEntry entry) {
        return open(entry, 6).getInt();
    }

    static int readTombstone(CatalogEntry entry) {
        int id = open(entry, 14).getInt();
        require(entry, id == idInKey(entry), "id");
        return id;
    }

    private static String name(CatalogEntry entry, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged(entry, "name");
        }
    }

    private static ByteBuffer open(CatalogEntry entry, int leastBytes) {
        require(entry, entry.value().length >= leastBytes, "length");
        ByteBuffer value = over(entry.value());
        int version = Short.toUnsignedInt(value.getShort());
        if (version != VERSION) {
            throw new NodeDbException(
                    ErrorCode.DATA_CORRUPTED,
                    "A catalog entry has a version that this release does not know: tag="
                            + (char) entry.key()[0]
                            + " expected="
                            + VERSION
                            + " actual="
                            + version);
        }
        return value;
    }

    private static int idInKey(CatalogEntry entry) {
        require(entry, entry.key().length == 5, "key length");
        return over(entry.key()).getInt(1);
    }

    private static byte[] key(byte tag, int id) {
        byte[] key = new byte[5];
        over(key).put(tag).putInt(id);
        return key;
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void require(CatalogEntry entry, boolean condition, String what) {
        if (!condition) {
            throw damaged(entry, what);
        }
    }

    static NodeDbException damaged(CatalogEntry entry, String what) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "A catalog entry can't be read: wrong="
                        + what
                        + " keyBytes="
                        + entry.key().length
                        + " tag="
                        + (entry.key().length == 0 ? "none" : String.valueOf((char) entry.key()[0]))
                        + " valueBytes="
                        + entry.value().length);
    }
}
