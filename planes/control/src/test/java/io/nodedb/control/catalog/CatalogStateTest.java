package io.nodedb.control.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.ids.Slots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogStateTest {
    @Test
    void entriesReadBackInAnyOrder() {
        CatalogState state =
                CatalogState.initial(3)
                        .with(info(16, "a", CollectionState.LIVE))
                        .with(info(17, "b", CollectionState.DROPPED))
                        .with(info(18, "b", CollectionState.PURGED))
                        .with(info(19, "b", CollectionState.LIVE));
        List<CatalogEntry> entries = new ArrayList<>(state.entries());
        Collections.reverse(entries);
        CatalogState read = CatalogState.read(entries);
        assertThat(read.collections()).containsExactlyInAnyOrderElementsOf(state.collections());
        assertThat(read.tombstones()).containsExactly(18);
        assertThat(read.nextId()).isEqualTo(20);
        assertThat(read.slots()).isEqualTo(state.slots());
    }

    @Test
    void liveAndDroppedCollectionsShareANameButAreToldApart() {
        CatalogState state =
                CatalogState.initial(1)
                        .with(info(16, "a", CollectionState.DROPPED))
                        .with(info(17, "a", CollectionState.DROPPED))
                        .with(info(18, "a", CollectionState.LIVE));
        assertThat(state.live("a")).extracting(CollectionInfo::id).isEqualTo(18);
        assertThat(state.dropped("a")).extracting(CollectionInfo::id).isEqualTo(17);
    }

    @Test
    void missingSlotMapIsRefused() {
        assertThatThrownBy(() -> CatalogState.read(List.of(CatalogCodec.nextId(16))))
                .hasMessageContaining("slotMap=missing");
    }

    @Test
    void unknownTagIsRefused() {
        assertThatThrownBy(() ->
                        CatalogState.read(List.of(new CatalogEntry(new byte[] {'?'}, new byte[4]))))
                .hasMessageContaining("wrong=tag");
    }

    @Test
    void everyPartitionGetsItsShareOfSlots() {
        for (int partitions : new int[] {1, 2, 5, 1024}) {
            SlotMap map = SlotMap.ofNewDatabase(partitions);
            int[] slots = new int[partitions];
            for (int slot = 0; slot < Slots.COUNT; slot++) {
                slots[map.partitionOfSlot(slot)]++;
            }
            for (int share : slots) {
                assertThat(share).isBetween(Slots.COUNT / partitions, Slots.COUNT / partitions + 1);
            }
        }
    }

    @Test
    void partitionsOutsideTheBoundsAreRefused() {
        assertThatThrownBy(() -> SlotMap.ofNewDatabase(0)).hasMessageContaining("partitions=0");
        assertThatThrownBy(() -> SlotMap.ofNewDatabase(1025))
                .hasMessageContaining("partitions=1025");
    }

    private static CollectionInfo info(int id, String name, CollectionState state) {
        return new CollectionInfo(id, name, 1, false, CommitDurability.DEFAULT, state, id);
    }
}
