package io.nodedb.data.partition;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one core, found by number in one array access, and what the core knows of
 * collections.
 */
@CoreOwned
public final class Partitions {
    /** Engine numbers are below this. */
    public static final int MAX_ENGINES = 8;

    private @Nullable EngineSlot[] slots = new EngineSlot[0];
    private final @Nullable EngineSlot[] systemSlots = new EngineSlot[MAX_ENGINES];
    private final List<EngineSlot> all = new ArrayList<>();
    private @Nullable CollectionOptions[] collections = new CollectionOptions[64];
    private int[] collectionEngines = new int[64];
    private final List<Integer> tenants = new ArrayList<>();

    /** Adds an engine that is loaded and replayed. */
    public void add(EngineSlot slot) {
        Check.that(
                slot.engineId() > 0 && slot.engineId() < MAX_ENGINES,
                "engine number is in range",
                slot.engineId());
        all.add(slot);
        if (slot.partition() == io.nodedb.base.ids.Partitions.SYSTEM) {
            systemSlots[slot.engineId()] = slot;
            return;
        }
        int index = slot.partition() * MAX_ENGINES + slot.engineId();
        if (index >= slots.length) {
            slots = Arrays.copyOf(slots, index + MAX_ENGINES);
        }
        Check.that(slots[index] == null, "an engine is added once", index);
        slots[index] = slot;
    }

    /** The engine's place, or null when this core does not own the partition. */
    public @Nullable EngineSlot find(int partition, int engineId) {
        if (partition == io.nodedb.base.ids.Partitions.SYSTEM) {
            return systemSlots[engineId];
        }
        int index = partition * MAX_ENGINES + engineId;
        return index < slots.length && index >= 0 ? slots[index] : null;
    }

    /** As {@link #find}, for what must be there. */
    public EngineSlot slot(int partition, int engineId) {
        EngineSlot slot = find(partition, engineId);
        Check.that(slot != null, "the core owns the partition", partition);
        return java.util.Objects.requireNonNull(slot);
    }

    public List<EngineSlot> all() {
        return all;
    }

    /** Makes a collection known to its engine in every partition. */
    public void openCollection(int collection, int engineId, CollectionOptions options) {
        if (collection >= collections.length) {
            int length = Integer.highestOneBit(collection) * 2;
            collections = Arrays.copyOf(collections, length);
            collectionEngines = Arrays.copyOf(collectionEngines, length);
        }
        collections[collection] = options;
        collectionEngines[collection] = engineId;
        if (!tenants.contains(options.tenant())) {
            tenants.add(options.tenant());
        }
        for (EngineSlot slot : all) {
            if (slot.engineId() == engineId) {
                slot.engine().openCollection(collection, options);
            }
        }
    }

    /** Forgets a collection everywhere. */
    public void dropCollection(int collection) {
        if (!known(collection)) {
            return;
        }
        int engineId = collectionEngines[collection];
        collections[collection] = null;
        collectionEngines[collection] = 0;
        for (EngineSlot slot : all) {
            if (slot.engineId() == engineId) {
                slot.engine().drop(collection);
            }
        }
    }

    public boolean known(int collection) {
        return collection > 0 && collection < collections.length && collections[collection] != null;
    }

    /** The engine of a known collection, 0 when unknown. */
    public int engineOf(int collection) {
        return collection > 0 && collection < collectionEngines.length
                ? collectionEngines[collection]
                : 0;
    }

    /** Whom a known collection belongs to. */
    public int tenantOf(int collection) {
        CollectionOptions options = collections[collection];
        return options == null ? Tenants.DEFAULT : options.tenant();
    }

    /** Version of a known collection's definition; 0 when it has none or is unknown. */
    public int definitionOf(int collection) {
        CollectionOptions options =
                collection > 0 && collection < collections.length ? collections[collection] : null;
        return options == null ? 0 : options.definition();
    }

    /** Every tenant that a collection was ever known of, in the order in which they came. */
    public List<Integer> tenants() {
        return tenants;
    }

    /** Numbers of the known collections of an engine are below this. */
    public int collectionBound() {
        return collections.length;
    }

    /** True when events are emitted for the collection. */
    public boolean hasFeed(int collection) {
        CollectionOptions options =
                collection > 0 && collection < collections.length ? collections[collection] : null;
        return options != null && options.feed();
    }

    /** The collections that a slot's engine knows, for one that will take its place. */
    public Description describe(EngineSlot slot) {
        BitSet numbers = new BitSet();
        CollectionOptions[] options = new CollectionOptions[collections.length];
        for (int i = 0; i < collections.length; i++) {
            CollectionOptions known = collections[i];
            if (known != null && collectionEngines[i] == slot.engineId()) {
                options[i] = known;
                numbers.set(i);
            }
        }
        return new Description(numbers, options);
    }

    /** Collections as they were when a rebuild began; read by the worker that loads the engine. */
    @Immutable
    public static final class Description {
        private final BitSet numbers;
        private final @Nullable CollectionOptions[] options;

        private Description(BitSet numbers, @Nullable CollectionOptions[] options) {
            this.numbers = numbers;
            this.options = options;
        }

        /** Makes them known to an engine. */
        public void openIn(Engine engine) {
            numbers.stream()
                    .forEach(i -> engine.openCollection(i, Objects.requireNonNull(options[i])));
        }
    }

    /**
     * Puts a rebuilt engine in its place; collections that were opened or dropped since it was
     * described are made known or dropped first.
     */
    public void install(EngineSlot slot, Engine rebuilt, Description described) {
        Description now = describe(slot);
        now.openIn(rebuilt);
        BitSet gone = (BitSet) described.numbers.clone();
        gone.andNot(now.numbers);
        gone.stream().forEach(rebuilt::drop);
        slot.replace(rebuilt);
    }
}
