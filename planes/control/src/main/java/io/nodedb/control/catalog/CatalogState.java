package io.nodedb.control.catalog;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole catalog at one point of its history. A change makes a new one; its cost is the number
 * of collections, which is fine for statements that also wait for the log.
 */
@Immutable
public final class CatalogState {
    private final SlotMap slots;
    private final int nextId;
    private final Map<Integer, CollectionInfo> byId;
    private final Map<String, CollectionInfo> liveByName;
    private final Set<Integer> tombstones;

    private CatalogState(
            SlotMap slots, int nextId, Map<Integer, CollectionInfo> byId, Set<Integer> tombstones) {
        this.slots = slots;
        this.nextId = nextId;
        this.byId = Map.copyOf(byId);
        this.tombstones = Set.copyOf(tombstones);
        Map<String, CollectionInfo> live = new HashMap<>();
        for (CollectionInfo info : byId.values()) {
            Check.that(info.id() < nextId, "collection ids are below the next one", info.id());
            if (info.live() && live.put(info.name(), info) != null) {
                throw new NodeDbException(
                        ErrorCode.DATA_CORRUPTED,
                        "Two live collections have one name in the catalog: name=" + info.name());
            }
        }
        this.liveByName = Map.copyOf(live);
    }

    /** The catalog of a database that is being created. */
    public static CatalogState initial(int partitions) {
        return new CatalogState(
                SlotMap.ofNewDatabase(partitions),
                Catalog.FIRST_USER_COLLECTION,
                Map.of(),
                Set.of());
    }

    /** True when these entries are those of a database that was never initialised. */
    public static boolean isNew(Collection<CatalogEntry> entries) {
        return entries.isEmpty();
    }

    /**
     * The state that stored entries describe, in any order. Missing or damaged ones are {@code
     * DATA_CORRUPTED}.
     */
    public static CatalogState read(Iterable<CatalogEntry> entries) {
        @Nullable SlotMap slots = null;
        int nextId = 0;
        Map<Integer, CollectionInfo> byId = new HashMap<>();
        Set<Integer> tombstones = new HashSet<>();
        for (CatalogEntry entry : entries) {
            switch (entry.key().length == 0 ? 0 : entry.key()[0]) {
                case CatalogCodec.COLLECTION_TAG -> {
                    CollectionInfo info = CatalogCodec.readCollection(entry);
                    byId.put(info.id(), info);
                }
                case CatalogCodec.SLOTS_TAG -> slots = CatalogCodec.readSlots(entry);
                case CatalogCodec.NEXT_ID_TAG -> nextId = CatalogCodec.readNextId(entry);
                case CatalogCodec.TOMBSTONE_TAG ->
                        tombstones.add(CatalogCodec.readTombstone(entry));
                default -> throw CatalogCodec.damaged(entry, "tag");
            }
        }
        if (slots == null || nextId < Catalog.FIRST_USER_COLLECTION) {
            throw new NodeDbException(
                    ErrorCode.DATA_CORRUPTED,
                    "The catalog lacks an entry that every database has: slotMap="
                            + (slots == null ? "missing" : "present")
                            + " nextId="
                            + nextId);
        }
        return new CatalogState(slots, nextId, byId, tombstones);
    }

    /** All entries: what a new database stores, and what {@link #read} turns back. */
    public List<CatalogEntry> entries() {
        List<CatalogEntry> entries = new ArrayList<>();
        entries.add(CatalogCodec.slots(slots));
        entries.add(CatalogCodec.nextId(nextId));
        byId.values().stream()
                .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                .forEach(info -> entries.add(CatalogCodec.collection(info)));
        tombstones.stream().sorted().forEach(id -> entries.add(CatalogCodec.tombstone(id, 0)));
        return entries;
    }

    public SlotMap slots() {
        return slots;
    }

    /** The id that the next collection gets. */
    public int nextId() {
        return nextId;
    }

    /** The collection of an id in whatever state, or null when the id was never given. */
    public @Nullable CollectionInfo byId(int id) {
        return byId.get(id);
    }

    /** The live collection of a name, or null. */
    public @Nullable CollectionInfo live(String name) {
        return liveByName.get(name);
    }

    /** The most recently created dropped collection of a name, or null. */
    public @Nullable CollectionInfo dropped(String name) {
        CollectionInfo newest = null;
        for (CollectionInfo info : byId.values()) {
            if (info.state() == CollectionState.DROPPED
                    && info.name().equals(name)
                    && (newest == null || info.id() > newest.id())) {
                newest = info;
            }
        }
        return newest;
    }

    /** Every collection that was ever created, in whatever state. */
    public Collection<CollectionInfo> collections() {
        return byId.values();
    }

    /** Ids of purged collections: replay ignores their effects. */
    public Set<Integer> tombstones() {
        return tombstones;
    }

    /** This state with one collection added or replaced; a purged one gets its tombstone. */
    CatalogState with(CollectionInfo info) {
        Map<Integer, CollectionInfo> collections = new HashMap<>(byId);
        collections.put(info.id(), info);
        Set<Integer> purged = new HashSet<>(tombstones);
        if (info.state() == CollectionState.PURGED) {
            purged.add(info.id());
        }
        return new CatalogState(slots, Math.max(nextId, info.id() + 1), collections, purged);
    }
}
