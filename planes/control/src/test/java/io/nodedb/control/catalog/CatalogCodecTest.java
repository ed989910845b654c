package io.nodedb.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.bridge.lane.Durability;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogCodecTest {
    private static final CollectionInfo CARTS =
            new CollectionInfo(
                    17, "cärts", 1, true, CommitDurability.ASYNC, CollectionState.DROPPED, 0x1234L);

    @Test
    void collectionReadsBackAsWritten() {
        assertThat(CatalogCodec.readCollection(CatalogCodec.collection(CARTS))).isEqualTo(CARTS);
    }

    @Test
    void tenantIsWrittenBehindTheNameUnlessItIsTheDefaultOne() {
        CollectionInfo owned =
                new CollectionInfo(
                        17,
                        "cärts",
                        1,
                        true,
                        CommitDurability.ASYNC,
                        CollectionState.DROPPED,
                        0x1234L,
                        7);
        assertThat(CatalogCodec.readCollection(CatalogCodec.collection(owned))).isEqualTo(owned);
        assertThat(hex(CatalogCodec.collection(owned)))
                .isEqualTo(
                        "4311000000="
                                + "0100110000000103020234120000000000000600"
                                + "63c3a472747307000000");
    }

    @Test
    void definitionIsWrittenBehindTheTenantUnlessThereIsNone() {
        CollectionInfo defined =
                new CollectionInfo(
                        17,
                        "cärts",
                        2,
                        false,
                        CommitDurability.ASYNC,
                        CollectionState.LIVE,
                        0x1234L,
                        7,
                        DefinitionBytes.of(5, new byte[] {9, 8, 7}));
        assertThat(CatalogCodec.readCollection(CatalogCodec.collection(defined)))
                .isEqualTo(defined);
        assertThat(hex(CatalogCodec.collection(defined)))
                .isEqualTo(
                        "4311000000="
                                + "0100110000000206020134120000000000000600"
                                + "63c3a472747307000000"
                                + "0500000003000000090807");
        CatalogEntry entry = CatalogCodec.collection(defined);
        for (int length = 0; length < entry.value().length; length++) {
            CatalogEntry cut = new CatalogEntry(entry.key(), Arrays.copyOf(entry.value(), length));
            assertThatThrownBy(() -> CatalogCodec.readCollection(cut))
                    .isInstanceOf(NodeDbException.class);
        }
        assertThatThrownBy(() -> DefinitionBytes.of(1, new byte[DefinitionBytes.MAX_BYTES + 1]))
                .isInstanceOf(NodeDbException.class);
    }

    @Test
    void slotMapReadsBackAsWritten() {
        SlotMap map = SlotMap.ofNewDatabase(5);
        assertThat(CatalogCodec.readSlots(CatalogCodec.slots(map))).isEqualTo(map);
    }

    /** Golden: these bytes are on users' disks. */
    @Test
    void bytesOfEveryEntryAreStable() {
        assertThat(hex(CatalogCodec.collection(CARTS)))
                .isEqualTo(
                        "4311000000="
                                + "0100110000000101020234120000000000000600"
                                + "63c3a4727473");
        assertThat(hex(CatalogCodec.nextId(18))).isEqualTo("4e=010012000000");
        assertThat(hex(CatalogCodec.tombstone(17, 0x1234L)))
                .isEqualTo("5411000000=0100110000003412000000000000");
        CatalogEntry slots = CatalogCodec.slots(SlotMap.ofNewDatabase(3));
        assertThat(hex(slots)).startsWith("53=010003000004" + "000001000200000001000200");
        assertThat(KeyHash.of(slots.value())).isEqualTo(0x5966832043be9371L);
    }

    @Test
    void everyShorterValueIsRefusedAsDamaged() {
        for (CatalogEntry entry :
                List.of(
                        CatalogCodec.collection(CARTS),
                        CatalogCodec.nextId(18),
                        CatalogCodec.tombstone(17, 1),
                        CatalogCodec.slots(SlotMap.ofNewDatabase(2)))) {
            for (int length = 0; length < entry.value().length; length++) {
                CatalogEntry cut =
                        new CatalogEntry(entry.key(), Arrays.copyOf(entry.value(), length));
                assertThatThrownBy(() -> CatalogState.read(List.of(cut)))
                        .as("length=" + length)
                        .isInstanceOfSatisfying(
                                NodeDbException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
            }
        }
    }

    @Test
    void newerVersionIsRefusedByNumber() {
        byte[] value = CatalogCodec.nextId(18).value();
        value[0] = 2;
        assertThatThrownBy(() -> CatalogCodec.readNextId(new CatalogEntry(new byte[] {'N'}, value)))
                .hasMessageContaining("expected=1 actual=2");
    }

    @Test
    void keyAndValueMustNameTheSameCollection() {
        CatalogEntry entry = CatalogCodec.collection(CARTS);
        byte[] otherKey = entry.key().clone();
        otherKey[1]++;
        assertThatThrownBy(() ->
                        CatalogCodec.readCollection(new CatalogEntry(otherKey, entry.value())))
                .hasMessageContaining("wrong=id");
    }

    @Test
    void durabilityNumbersAreThoseOfTheBridge() {
        assertThat(CommitDurability.DEFAULT.number()).isEqualTo(Durability.DEFAULT);
        assertThat(CommitDurability.SYNC.number()).isEqualTo(Durability.SYNC);
        assertThat(CommitDurability.ASYNC.number()).isEqualTo(Durability.ASYNC);
    }

    private static String hex(CatalogEntry entry) {
        HexFormat format = HexFormat.of();
        return format.formatHex(entry.key()) + "=" + format.formatHex(entry.value());
    }
}
